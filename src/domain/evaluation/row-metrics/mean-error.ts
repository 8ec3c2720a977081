import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf } from "#domain/evaluation/rows/row-sums.ts";

/** Whether predictions lie too high or too low on average. */
export const meanError: RowMetricFamily = {
  family: "mean_error",
  title: "mean error (bias)",
  about: "Whether predictions lie too high or too low on average.",
  definition: "mean of p - y",
  reference: "Hyndman and Koehler 2006",
  tasks: ["regression"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "target",
    range: { min: null, max: null },
    decomposable: "per-row-mean",
    input: "value",
    printedConvention: { sign: "prediction minus truth" },
    estimator: {
      kind: "linearised",
      method: "mean",
      of: (rows) => {
        const predicted = column(rows.score);
        return meanOf(
          rows.truth.map((y, row) => (predicted[row] ?? 0) - y),
          rows.weights,
        );
      },
    },
  }),
};
