import { column } from "#domain/evaluation/rows/arm-rows.ts";
import { atThreshold } from "#domain/evaluation/rows/class-counts.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { ratioOf } from "#domain/evaluation/rows/row-sums.ts";
import { threshold, thresholdConvention } from "#domain/evaluation/rows/threshold.ts";

/** Of the positive rows, the share that was found. */
export const recall: RowMetricFamily = {
  family: "recall",
  title: "recall of the positive class",
  about: "Of the positive rows, the share that was found.",
  definition: "true positives / positives; 0 when there are none",
  reference: "sklearn recall_score",
  tasks: ["classification"],
  parameter: threshold,
  sklearn: false,
  define: (parameter) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    decomposable: "ratio",
    input: parameter === null ? "binary-class" : "score",
    printedConvention: thresholdConvention(parameter),
    estimator: {
      kind: "linearised",
      method: "ratio",
      of: (rows) => {
        const predicted = column(atThreshold(rows, parameter).predicted);
        return ratioOf(
          rows.truth.map((label, row) => label * (predicted[row] ?? 0)),
          rows.truth,
          rows.weights,
          0,
        );
      },
    },
  }),
};
