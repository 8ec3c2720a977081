import { aucOf } from "#domain/evaluation/rows/auc-of.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";

/** How well scores put positive rows above negative ones: the chance that a random positive lies above a random negative. */
export const auc: RowMetricFamily = {
  family: "auc",
  title: "area under the ROC curve",
  about: "How well scores put positive rows above negative ones: the chance that a random positive lies above a random negative.",
  definition: "P(score+ > score-) + P(score+ = score-)/2, rows by their weight",
  reference: "DeLong et al. 1988, Obuchowski 1997 for clusters; equals sklearn roc_auc_score",
  tasks: ["classification"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "higher",
    range: { min: 0, max: 1 },
    decomposable: "u-statistic",
    input: "score",
    printedConvention: { ties: "half" },
    estimator: { kind: "linearised", method: "delong", of: aucOf },
  }),
};
