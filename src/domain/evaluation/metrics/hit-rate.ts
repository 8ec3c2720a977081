import { idOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import { combine, constant, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const hitRate: MetricFamily = {
  family: "hit_rate",
  title: "hit rate",
  about: "The share of queries with at least one relevant item in the first k places.",
  definition: "1 if a relevant item is in the first k, else 0",
  reference: "trec_eval success_k, ranx hit_rate@k",
  cutoff: "required",
  options: { minRel: ["number"], ties: idOrders, ...rankingOptions },
  defaults: {},
  define: (k) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    weight: null,
    formula: combine("least", constant(1), sumOverTop(k ?? "all", "relevant")),
  }),
};
