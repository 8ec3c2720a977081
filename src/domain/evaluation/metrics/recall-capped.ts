import { allOrders, groupOption, judgedOption, rankingOptions } from "#domain/evaluation/convention.ts";
import { combine, constant, divide, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const recallCapped: MetricFamily = {
  family: "recall_capped",
  title: "recall, capped at what k places can hold",
  about: "Recall that can always reach 1: with more than k relevant items, k of them are enough.",
  definition: "relevant items in the first k / min(R, k)",
  reference: "RecPack CalibratedRecallK",
  cutoff: "required",
  options: { divisor: ["capped"], minRel: ["number"], ties: allOrders, ...groupOption, ...judgedOption, ...rankingOptions },
  defaults: { divisor: "capped" },
  define: (k) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    weight: null,
    formula: divide(sumOverTop(k ?? "all", "relevant"), combine("least", { kind: "relevant-count" }, constant(k ?? 0))),
  }),
};
