import { rankingOptions } from "#domain/evaluation/convention.ts";
import { combine, divide } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const gauc: MetricFamily = {
  family: "gauc",
  title: "grouped AUC",
  about:
    "How likely a relevant item scores above an irrelevant one of the same query or user, whatever the places; for click and conversion models.",
  definition:
    "pairs of a relevant and an irrelevant judged item that the scores order rightly (ties half, unlisted items last) / all such pairs of the unit; mean over units weighted by their judged items",
  reference: "Zhu et al. 2017 (weight impressions); each unit's value is scikit-learn roc_auc_score",
  cutoff: "none",
  options: {
    weight: ["impressions", "relevant", "equal"],
    minRel: ["number"],
    scores: rankingOptions.scores,
    missing: rankingOptions.missing,
  },
  defaults: {},
  define: (_, { weight }) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "both-classes",
    weight: weight === "equal" ? null : weight,
    formula: divide({ kind: "ordered-pairs" }, combine("times", { kind: "relevant-count" }, { kind: "irrelevant-count" })),
  }),
};
