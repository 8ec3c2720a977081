import { column } from "#domain/evaluation/rows/arm-rows.ts";
import { atThreshold } from "#domain/evaluation/rows/class-counts.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { ratioOf } from "#domain/evaluation/rows/row-sums.ts";
import { threshold, thresholdConvention } from "#domain/evaluation/rows/threshold.ts";

/** Of the negative rows, the share that was left alone. */
export const specificity: RowMetricFamily = {
  family: "specificity",
  title: "specificity (true negative rate)",
  about: "Of the negative rows, the share that was left alone.",
  definition: "true negatives / negatives; 0 when there are none",
  reference: "Yerushalmy 1947",
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
          rows.truth.map((label, row) => (1 - label) * (1 - (predicted[row] ?? 0))),
          rows.truth.map((label) => 1 - label),
          rows.weights,
          0,
        );
      },
    },
  }),
};
