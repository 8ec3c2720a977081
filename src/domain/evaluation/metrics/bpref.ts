import { idOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import { divide, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const bpref: MetricFamily = {
  family: "bpref",
  title: "binary preference",
  about: "How rarely judged irrelevant items stand above relevant ones; it does not look at unjudged items, so it bears incomplete labels.",
  definition:
    "mean over relevant items of 1 - min(n, R) / min(N, R), with n the judged irrelevant items above it and N all of them; 1 where n is 0; unlisted relevant items count 0; negative grades are unjudged",
  reference: "Buckley and Voorhees 2004; trec_eval bpref",
  cutoff: "none",
  options: { minRel: ["number"], ties: idOrders, ...rankingOptions },
  defaults: {},
  define: () => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    weight: null,
    formula: divide(sumOverTop("all", "preference"), { kind: "relevant-count" }),
  }),
};
