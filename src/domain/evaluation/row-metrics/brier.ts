import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf } from "#domain/evaluation/rows/row-sums.ts";

/** The squared distance of probabilities from what happened: calibration and sharpness together. */
export const brier: RowMetricFamily = {
  family: "brier",
  title: "Brier score",
  about: "The squared distance of probabilities from what happened: calibration and sharpness together.",
  definition: "mean of (p - y)^2",
  reference: "Brier 1950; sklearn brier_score_loss",
  tasks: ["classification"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "lower",
    range: { min: 0, max: 1 },
    decomposable: "per-row-mean",
    input: "probability",
    printedConvention: {},
    estimator: {
      kind: "linearised",
      method: "mean",
      of: (rows) => {
        const p = column(rows.score);
        return meanOf(
          rows.truth.map((y, row) => ((p[row] ?? 0) - y) ** 2),
          rows.weights,
        );
      },
    },
  }),
};
