import { type ArmRows, column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowLibrary, RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf } from "#domain/evaluation/rows/row-sums.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";

/** How much belief a model's probabilities gave to what happened: rewards honest probabilities, punishes wrong certainty. */
export const logLoss: RowMetricFamily = {
  family: "log_loss",
  title: "logarithmic loss",
  about: "How much belief a model's probabilities gave to what happened: rewards honest probabilities, punishes wrong certainty.",
  definition: "mean of -ln(probability of the true class), clipped to [1e-15, 1 - 1e-15]; clipped rows are counted",
  reference: "Good 1952; sklearn log_loss (clips at 2.2e-16)",
  tasks: ["classification"],
  parameter: null,
  sklearn: { called: "log_loss", about: "clips probabilities at 2.2e-16, the epsilon of float64, where the default is 1e-15" },
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
            beliefs(rows, clip, library).map((p) => -Math.log(p)),
            rows.weights,
          ),
      },
    };
  },
};

/** The clipped probability of the true class. Of two classes, p is clipped and 1 - p taken of that; sklearn clips 1 - p itself. */
function beliefs(rows: ArmRows, clip: number, library: RowLibrary): Numbers {
  const { truth, score, probabilities } = rows;
  const clipped = (p: number): number => Math.min(1 - clip, Math.max(clip, p));
  if (probabilities !== null || library === "sklearn") return trueClassProbability(rows).map(clipped);
  const p = column(score);
  return truth.map((label, row) => (label === 1 ? clipped(p[row] ?? 0) : 1 - clipped(p[row] ?? 0)));
}

function trueClassProbability({ truth, score, probabilities }: ArmRows): Numbers {
  if (probabilities !== null) return truth.map((label, row) => probabilities[label]?.[row] ?? 0);
  const p = column(score);
  return truth.map((label, row) => (label === 1 ? (p[row] ?? 0) : 1 - (p[row] ?? 0)));
}
