import type { MetricFamily } from "#domain/evaluation/metric.ts";

/**
 * Recall at k: the share of a unit's relevant items that stand in the first k places.
 *
 * `relevant items in the first k / all relevant items`; with more than k relevant items it cannot reach 1.
 * Use it for the first stage of a ranking (what is not retrieved cannot be ranked). Unit: query; range 0 to 1. A unit without a
 * relevant item is left out, counted. Reference: trec_eval recall_k, ranx recall@k.
 */
export const recall: MetricFamily = {
  family: "recall",
  title: "recall",
  cutoff: "required",
  ties: ["id_desc", "average", "worst"],
  define: (k, convention) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    printedConvention: { divisor: "relevant", minRel: convention.minRel, ties: convention.ties },
    formula: {
      kind: "divide",
      numerator: { kind: "sum-over-top", k: k ?? 0, term: { value: "relevant", discount: "none" } },
      denominator: { kind: "relevant-count" },
    },
  }),
};
