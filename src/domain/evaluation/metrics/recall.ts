import { allOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import { divide, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const recall: MetricFamily = {
  family: "recall",
  title: "recall",
  about:
    "The share of the relevant items that stand in the first k places: what is not retrieved cannot be ranked. With more than k relevant items it cannot reach 1.",
  definition: "relevant items in the first k / R",
  reference: "trec_eval recall_k, ranx recall@k",
  cutoff: "required",
  options: { divisor: ["relevant"], minRel: ["number"], ties: allOrders, ...rankingOptions },
  defaults: { divisor: "relevant" },
  define: (k) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    weight: null,
    formula: divide(sumOverTop(k ?? "all", "relevant"), { kind: "relevant-count" }),
  }),
};
