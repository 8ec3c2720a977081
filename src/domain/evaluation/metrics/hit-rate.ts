import { clickConflict, clickOptions, groupOption, idOrders, judgedOption, rankingOptions } from "#domain/evaluation/convention.ts";
import { combine, constant, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const hitRate: MetricFamily = {
  family: "hit_rate",
  title: "hit rate",
  about: "The share of queries with at least one relevant item in the first k places.",
  definition:
    "1 if a relevant item is in the first k, else 0; with clicks ips the sum of 1 / propensity over the relevant items in the first k",
  reference: "trec_eval success_k, ranx hit_rate@k; clicks ips: RecPack IPSHitRateK, which clips at 10000",
  cutoff: "required",
  options: { minRel: ["number"], ties: idOrders, ...clickOptions, ...groupOption, ...judgedOption, ...rankingOptions },
  defaults: {},
  conflict: (_, convention) => clickConflict(convention),
  define: (k, { clicks }) => ({
    better: "higher",
    range: { min: 0, max: clicks === "ips" ? null : 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    weight: null,
    formula: clicks === "ips" ? sumOverTop(k ?? "all", "relevant") : combine("least", constant(1), sumOverTop(k ?? "all", "relevant")),
  }),
};
