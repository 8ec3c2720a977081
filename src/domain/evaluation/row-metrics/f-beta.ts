import { column } from "#domain/evaluation/rows/arm-rows.ts";
import { atThreshold } from "#domain/evaluation/rows/class-counts.ts";
import type { RowMetricDefinition, RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { ratioOf } from "#domain/evaluation/rows/row-sums.ts";
import { threshold, thresholdConvention } from "#domain/evaluation/rows/threshold.ts";

/** Precision and recall in one number, recall weighing beta times as much. */
export const fBeta: RowMetricFamily = {
  family: "f_beta",
  title: "F-beta of the positive class",
  about: "Precision and recall in one number, recall weighing beta times as much.",
  definition: "(1 + b^2) TP / ((1 + b^2) TP + b^2 FN + FP); 0 when nothing is positive or predicted so",
  reference: "van Rijsbergen 1979; sklearn fbeta_score",
  tasks: ["classification"],
  parameter: { name: "beta", required: true, kind: "positive", example: "2" },
  sklearn: false,
  define: (parameter) => definition(parameter ?? 1, null),
};

/** The harmonic mean of precision and recall, at a threshold if one is named. */
export const f1: RowMetricFamily = {
  ...fBeta,
  family: "f1",
  title: "F1 of the positive class",
  about: "The harmonic mean of precision and recall.",
  definition: "2 TP / (2 TP + FN + FP); 0 when nothing is positive or predicted so",
  reference: "sklearn f1_score",
  parameter: threshold,
  define: (parameter) => definition(1, parameter),
};

function definition(beta: number, at: number | null): RowMetricDefinition {
  const square = beta * beta;
  return {
    better: "higher",
    range: { min: 0, max: 1 },
    decomposable: "ratio",
    input: at === null ? "binary-class" : "score",
    printedConvention: { beta, ...thresholdConvention(at) },
    estimator: {
      kind: "linearised",
      method: "ratio",
      of: (rows) => {
        const predicted = column(atThreshold(rows, at).predicted);
        return ratioOf(
          rows.truth.map((label, row) => (1 + square) * label * (predicted[row] ?? 0)),
          rows.truth.map((label, row) => square * label + (predicted[row] ?? 0)),
          rows.weights,
          0,
        );
      },
    },
  };
}
