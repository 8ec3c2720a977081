import { allOrders, groupOption, judgedOption, rankingOptions } from "#domain/evaluation/convention.ts";
import { divide, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const rPrecision: MetricFamily = {
  family: "r_precision",
  title: "R-precision",
  about: "Precision at as many places as there are relevant items, where it equals recall.",
  definition: "relevant items in the first R / R",
  reference: "trec_eval Rprec, ranx r-precision",
  cutoff: "none",
  options: { minRel: ["number"], ties: allOrders, ...groupOption, ...judgedOption, ...rankingOptions },
  defaults: {},
  define: () => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    weight: null,
    formula: divide(sumOverTop("relevant-count", "relevant"), { kind: "relevant-count" }),
  }),
};
