import { column } from "#domain/evaluation/rows/arm-rows.ts";
import { atThreshold } from "#domain/evaluation/rows/class-counts.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf } from "#domain/evaluation/rows/row-sums.ts";
import { threshold, thresholdConvention } from "#domain/evaluation/rows/threshold.ts";

/** The four cells of the confusion matrix of a decision, each as a share of all rows: what costs are multiplied with. */
export const confusionFamilies: readonly RowMetricFamily[] = [
  cell("true_positives", "true positives", "higher", 1, 1),
  cell("false_positives", "false positives", "lower", 0, 1),
  cell("false_negatives", "false negatives", "lower", 1, 0),
  cell("true_negatives", "true negatives", "higher", 0, 0),
];

function cell(family: string, title: string, better: "higher" | "lower", truth: number, guess: number): RowMetricFamily {
  return {
    family,
    title: `${title}, as a share of all rows`,
    about: `How much of all rows are ${title} at a threshold.`,
    definition: `mean of [y = ${truth} and ${guess === 1 ? "called" : "not called"} positive]`,
    reference: "sklearn confusion_matrix(normalize='all')",
    tasks: ["classification"],
    parameter: threshold,
    sklearn: false,
    define: (parameter) => ({
      better,
      range: { min: 0, max: 1 },
      decomposable: "per-row-mean",
      input: parameter === null ? "binary-class" : "score",
      printedConvention: thresholdConvention(parameter),
      estimator: {
        kind: "linearised",
        method: "mean",
        of: (rows) => {
          const predicted = column(atThreshold(rows, parameter).predicted);
          return meanOf(
            rows.truth.map((label, row) => (label === truth && predicted[row] === guess ? 1 : 0)),
            rows.weights,
          );
        },
      },
    }),
  };
}
