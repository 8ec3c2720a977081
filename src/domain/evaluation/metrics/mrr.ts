import { idOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const mrr: MetricFamily = {
  family: "mrr",
  title: "mean reciprocal rank",
  about: "How soon the first relevant item comes; use it where one good answer is enough.",
  definition: "1 / place of the first relevant item, 0 when none is listed (with a cutoff: none in the first k)",
  reference: "trec_eval recip_rank, ranx mrr@k",
  cutoff: "optional",
  options: { minRel: ["number"], ties: idOrders, ...rankingOptions },
  defaults: {},
  define: (k) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    weight: null,
    formula: { kind: "reciprocal-of-first-relevant", k },
  }),
};
