import type { MetricFamily } from "#domain/evaluation/metric.ts";

/**
 * Mean reciprocal rank: how soon the first relevant item comes.
 *
 * `1 / rank of the first relevant item`, 0 when none is listed (or, for `mrr@k`, none within k).
 * Use it where one good answer is enough. Unit: query; range 0 to 1. A unit without a relevant item is left out, counted.
 * Reference: trec_eval recip_rank, ranx mrr@k.
 */
export const mrr: MetricFamily = {
  family: "mrr",
  title: "mean reciprocal rank",
  cutoff: "optional",
  ties: ["id_desc", "worst"],
  define: (k, convention) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    printedConvention: { minRel: convention.minRel, ties: convention.ties },
    formula: { kind: "reciprocal-of-first-relevant", k },
  }),
};
