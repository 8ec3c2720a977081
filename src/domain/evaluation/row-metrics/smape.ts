import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf } from "#domain/evaluation/rows/row-sums.ts";

/** How far predictions are off as a share of the middle of both values; bounded, also at 0. */
export const smape: RowMetricFamily = {
  family: "smape",
  title: "symmetric mean absolute percentage error",
  about: "How far predictions are off as a share of the middle of both values; bounded, also at 0.",
  definition: "mean of 2 |p - y| / (|y| + |p|), 0 to 2; 0/0 counts 0",
  reference: "Makridakis 1993",
  tasks: ["regression"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "lower",
    range: { min: 0, max: 2 },
    decomposable: "per-row-mean",
    input: "value",
    printedConvention: { range: "0 to 2" },
    estimator: {
      kind: "linearised",
      method: "mean",
      of: (rows) => {
        const predicted = column(rows.score);
        return meanOf(
          rows.truth.map((y, row) => {
            const p = predicted[row] ?? 0;
            return y === 0 && p === 0 ? 0 : (2 * Math.abs(p - y)) / (Math.abs(y) + Math.abs(p));
          }),
          rows.weights,
        );
      },
    },
  }),
};
