import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf } from "#domain/evaluation/rows/row-sums.ts";

/** The share of rows whose true class is among the k most probable. */
export const topKAccuracy: RowMetricFamily = {
  family: "top_k_accuracy",
  title: "top-k accuracy",
  about: "The share of rows whose true class is among the k most probable.",
  definition: "mean of [fewer than k classes are more probable]; of equal ones the later class ranks first",
  reference: "sklearn top_k_accuracy_score",
  tasks: ["classification"],
  parameter: { name: "k", required: true, kind: "count", example: "5" },
  sklearn: false,
  define: (parameter) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    decomposable: "per-row-mean",
    input: "probabilities",
    printedConvention: { ties: "later class first" },
    estimator: {
      kind: "linearised",
      method: "mean",
      of: ({ truth, probabilities, weights }) => {
        const ofClasses = probabilities ?? [];
        const hit = (label: number, row: number): number => {
          const own = ofClasses[label]?.[row] ?? 0;
          const before = ofClasses.filter((ofClass, index) => (ofClass[row] ?? 0) > own || ((ofClass[row] ?? 0) === own && index > label));
          return before.length < (parameter ?? 1) ? 1 : 0;
        };
        return meanOf(truth.map(hit), weights);
      },
    },
  }),
};
