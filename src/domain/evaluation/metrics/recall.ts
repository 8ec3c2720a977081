import { allOrders, clickConflict, clickOptions, groupOption, judgedOption, rankingOptions } from "#domain/evaluation/convention.ts";
import { divide, relevantTotal, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const recall: MetricFamily = {
  family: "recall",
  title: "recall",
  about:
    "The share of the relevant items that stand in the first k places: what is not retrieved cannot be ranked. With more than k relevant items it cannot reach 1.",
  definition:
    "relevant items in the first k / R; with clicks ips the sum of 1 / propensity of the relevant items in the first k / the same sum over all of them",
  reference: "trec_eval recall_k, ranx recall@k; clicks ips: the self-normalised estimator of Yang et al. 2018",
  cutoff: "required",
  options: {
    divisor: ["relevant"],
    minRel: ["number"],
    ties: allOrders,
    ...clickOptions,
    ...groupOption,
    ...judgedOption,
    ...rankingOptions,
  },
  defaults: { divisor: "relevant" },
  conflict: (_, convention) => clickConflict(convention),
  define: (k, convention) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    weight: null,
    formula: divide(sumOverTop(k ?? "all", "relevant"), relevantTotal(convention)),
  }),
};
