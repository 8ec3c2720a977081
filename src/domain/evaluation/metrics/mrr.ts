import { clickConflict, clickOptions, groupOption, idOrders, judgedOption, rankingOptions } from "#domain/evaluation/convention.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const mrr: MetricFamily = {
  family: "mrr",
  title: "mean reciprocal rank",
  about: "How soon the first relevant item comes; use it where one good answer is enough.",
  definition:
    "1 / place of the first relevant item, 0 when none is listed (with a cutoff: none in the first k); with clicks ips mean over queries weighted by the sum of 1 / propensity of their relevant items",
  reference: "trec_eval recip_rank, ranx mrr@k; clicks ips: the weighted MRR of Wang et al. 2016, for queries of one click each",
  cutoff: "optional",
  options: { minRel: ["number"], ties: idOrders, ...clickOptions, ...groupOption, ...judgedOption, ...rankingOptions },
  defaults: {},
  conflict: (_, convention) => clickConflict(convention),
  define: (k, { clicks }) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    weight: clicks === "ips" ? "clicks" : null,
    formula: { kind: "reciprocal-of-first-relevant", k },
  }),
};
