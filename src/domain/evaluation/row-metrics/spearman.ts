import { correlationEstimator } from "#domain/evaluation/rows/correlated.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { spearman } from "#domain/statistics/spearman.ts";

/** How far predictions put rows in the order of their true values, by ranks: the scale of the predictions does not matter. */
export const spearmanCorrelation: RowMetricFamily = {
  family: "spearman",
  title: "Spearman's rank correlation",
  about: "How far predictions put rows in the order of their true values, by ranks: the scale of the predictions does not matter.",
  definition: "Pearson's correlation of the ranks of p and y, equal values sharing their mean rank",
  reference: "Spearman 1904; scipy spearmanr; interval by the delta method over ranks (Borkowf 2002)",
  tasks: ["regression"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "higher",
    range: { min: -1, max: 1 },
    decomposable: "corpus",
    input: "value",
    printedConvention: { ties: "mid-ranks" },
    estimator: correlationEstimator(spearman),
  }),
};
