import { column } from "#domain/evaluation/rows/arm-rows.ts";
import { atThreshold } from "#domain/evaluation/rows/class-counts.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { ratioOf } from "#domain/evaluation/rows/row-sums.ts";
import { threshold, thresholdConvention } from "#domain/evaluation/rows/threshold.ts";

/** Of the rows called positive, the share that is. */
export const precision: RowMetricFamily = {
  family: "precision",
  title: "precision of the positive class",
  about: "Of the rows called positive, the share that is.",
  definition: "true positives / predicted positives; 0 when none is predicted",
  reference: "sklearn precision_score",
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
          predicted,
          rows.weights,
          0,
        );
      },
    },
  }),
};
