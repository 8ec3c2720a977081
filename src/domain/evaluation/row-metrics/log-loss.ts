import { type ArmRows, column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf } from "#domain/evaluation/rows/row-sums.ts";

/** How much belief a model's probabilities gave to what happened: rewards honest probabilities, punishes wrong certainty. */
export const logLoss: RowMetricFamily = {
  family: "log_loss",
  title: "logarithmic loss",
  about: "How much belief a model's probabilities gave to what happened: rewards honest probabilities, punishes wrong certainty.",
  definition: "mean of -ln(probability of the true class), clipped to [1e-15, 1 - 1e-15]; clipped rows are counted",
  reference: "Good 1952; sklearn log_loss (clips at 2.2e-16)",
  tasks: ["classification"],
  parameter: null,
  sklearn: true,
  define: (_, library) => {
    const clip = library === "sklearn" ? Number.EPSILON : 1e-15;
    return {
      better: "lower",
      range: { min: 0, max: -Math.log(clip) },
      decomposable: "per-row-mean",
      input: "probability-or-probabilities",
      printedConvention: { clip },
      counts: (rows) => ({ clipped: trueClassProbability(rows).filter((p) => p < clip || p > 1 - clip).length }),
      estimator: {
        kind: "linearised",
        method: "mean",
        of: (rows) =>
          meanOf(
            trueClassProbability(rows).map((p) => -Math.log(Math.min(1 - clip, Math.max(clip, p)))),
            rows.weights,
          ),
      },
    };
  },
};

function trueClassProbability({ truth, score, probabilities }: ArmRows): readonly number[] {
  if (probabilities !== null) return truth.map((label, row) => probabilities[label]?.[row] ?? 0);
  const p = column(score);
  return truth.map((label, row) => (label === 1 ? (p[row] ?? 0) : 1 - (p[row] ?? 0)));
}
