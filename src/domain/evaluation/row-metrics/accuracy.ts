import { column } from "#domain/evaluation/rows/arm-rows.ts";
import { atThreshold } from "#domain/evaluation/rows/class-counts.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf } from "#domain/evaluation/rows/row-sums.ts";
import { threshold, thresholdConvention } from "#domain/evaluation/rows/threshold.ts";

/** The share of rows whose predicted class is the true one. */
export const accuracy: RowMetricFamily = {
  family: "accuracy",
  title: "accuracy",
  about: "The share of rows whose predicted class is the true one.",
  definition: "mean of [predicted = true]; of probabilities the greatest, the first of equal ones",
  reference: "sklearn accuracy_score",
  tasks: ["classification"],
  parameter: threshold,
  sklearn: false,
  define: (parameter) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    decomposable: "per-row-mean",
    input: parameter === null ? "class" : "score",
    printedConvention: thresholdConvention(parameter),
    estimator: {
      kind: "linearised",
      method: "mean",
      of: (rows) => {
        const predicted = column(atThreshold(rows, parameter).predicted);
        return meanOf(
          rows.truth.map((label, row) => (label === predicted[row] ? 1 : 0)),
          rows.weights,
        );
      },
    },
  }),
};
