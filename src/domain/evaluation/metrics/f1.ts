import { allOrders, groupOption, judgedOption, rankingOptions } from "#domain/evaluation/convention.ts";
import { combine, constant, divide, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const f1: MetricFamily = {
  family: "f1",
  title: "F1 of precision and recall",
  about: "One number for precision and recall at k: their harmonic mean.",
  definition: "2 * relevant items in the first k / (k + R), which is 2PR / (P + R)",
  reference: "ranx f1@k",
  cutoff: "required",
  options: { minRel: ["number"], ties: allOrders, ...groupOption, ...judgedOption, ...rankingOptions },
  defaults: {},
  define: (k) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    weight: null,
    formula: divide(
      combine("times", constant(2), sumOverTop(k ?? "all", "relevant")),
      combine("plus", constant(k ?? 0), { kind: "relevant-count" }),
    ),
  }),
};
