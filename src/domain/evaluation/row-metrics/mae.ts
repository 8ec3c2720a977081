import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf } from "#domain/evaluation/rows/row-sums.ts";

/** How far predictions are off, in the units of the target. */
export const mae: RowMetricFamily = {
  family: "mae",
  title: "mean absolute error",
  about: "How far predictions are off, in the units of the target.",
  definition: "mean of |p - y|",
  reference: "sklearn mean_absolute_error",
  tasks: ["regression"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "lower",
    range: { min: 0, max: null },
    decomposable: "per-row-mean",
    input: "value",
    printedConvention: {},
    estimator: {
      kind: "linearised",
      method: "mean",
      of: (rows) => {
        const predicted = column(rows.score);
        return meanOf(
          rows.truth.map((y, row) => Math.abs((predicted[row] ?? 0) - y)),
          rows.weights,
        );
      },
    },
  }),
};
