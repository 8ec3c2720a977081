import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf } from "#domain/evaluation/rows/row-sums.ts";

/** The loss of a predicted quantile: low when the share q of values lies below it. */
export const pinball: RowMetricFamily = {
  family: "pinball",
  title: "pinball loss",
  about: "The loss of a predicted quantile: low when the share q of values lies below it.",
  definition: "mean of max(q e, (q - 1) e), e = y - p",
  reference: "Koenker and Bassett 1978; sklearn mean_pinball_loss",
  tasks: ["regression"],
  parameter: { name: "quantile", required: true, kind: "share", example: "0.9" },
  sklearn: false,
  define: (parameter) => ({
    better: "lower",
    range: { min: 0, max: null },
    decomposable: "per-row-mean",
    input: "value",
    printedConvention: { quantile: parameter ?? 0.5 },
    estimator: {
      kind: "linearised",
      method: "mean",
      of: (rows) => {
        const predicted = column(rows.score);
        const q = parameter ?? 0.5;
        return meanOf(
          rows.truth.map((y, row) => {
            const e = y - (predicted[row] ?? 0);
            return Math.max(q * e, (q - 1) * e);
          }),
          rows.weights,
        );
      },
    },
  }),
};
