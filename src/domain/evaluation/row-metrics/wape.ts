import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { ratioOf } from "#domain/evaluation/rows/row-sums.ts";

/** The share of all demand that predictions miss: the percentage error to use where true values can be 0. */
export const wape: RowMetricFamily = {
  family: "wape",
  title: "weighted absolute percentage error",
  about: "The share of all demand that predictions miss: the percentage error to use where true values can be 0.",
  definition: "sum of |p - y| / sum of |y|",
  reference: "Kolassa and Schuetz 2007",
  tasks: ["regression"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "lower",
    range: { min: 0, max: null },
    decomposable: "ratio",
    input: "value",
    printedConvention: {},
    estimator: {
      kind: "linearised",
      method: "ratio",
      of: (rows) => {
        const predicted = column(rows.score);
        return ratioOf(
          rows.truth.map((y, row) => Math.abs((predicted[row] ?? 0) - y)),
          rows.truth.map(Math.abs),
          rows.weights,
          "truth-is-zero",
        );
      },
    },
  }),
};
