import { averagedOver } from "#domain/evaluation/rows/averaged-over.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";

type Part = "precision" | "recall" | "f1";
type Average = "micro" | "macro" | "weighted";

const ofClass = {
  precision: "hits / predictions of the class",
  recall: "hits / truths of the class",
  f1: "2 hits / (truths + predictions) of the class",
} as const;

const how = {
  micro: "over all rows together, which for one class a row is the accuracy",
  macro: "every class the same",
  weighted: "classes by how often they are true",
} as const;

/** Precision, recall and F1 over several classes, averaged in each of the three ways. */
export const classAverageFamilies: readonly RowMetricFamily[] = (["precision", "recall", "f1"] as const).flatMap((part) =>
  (["micro", "macro", "weighted"] as const).map((average) => family(part, average)),
);

/** The mean recall of the classes that happen: accuracy as if all classes were equally frequent. */
export const balancedAccuracy: RowMetricFamily = {
  ...family("recall", "macro"),
  family: "balanced_accuracy",
  title: "balanced accuracy",
  about: "Accuracy as if all classes were equally frequent.",
  definition: "mean over classes that are ever true of hits / truths",
  reference: "sklearn balanced_accuracy_score",
  define: () => ({
    ...family("recall", "macro").define(null, null),
    printedConvention: { average: "macro", over: "classes in the truth" },
    estimator: { kind: "linearised", method: "linearised", of: (rows) => averagedOver(rows, "recall", "macro", true) },
  }),
};

function family(part: Part, average: Average): RowMetricFamily {
  return {
    family: `${part}_${average}`,
    title: `${part} over classes, ${average} average`,
    about: `${part} over several classes: ${how[average]}.`,
    definition: `${average} average of ${ofClass[part]}; 0/0 counts 0`,
    reference: `sklearn precision_recall_fscore_support(average="${average}", zero_division=0)`,
    tasks: ["classification"],
    parameter: null,
    sklearn: false,
    define: () => ({
      better: "higher",
      range: { min: 0, max: 1 },
      decomposable: "corpus",
      input: "class",
      printedConvention: { average, over: "declared classes, or those that appear", zeroDivision: 0 },
      estimator: { kind: "linearised", method: "linearised", of: (rows) => averagedOver(rows, part, average, false) },
    }),
  };
}
