import { idOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import { combine, constant, divide, sumOfLeads } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const pap: MetricFamily = {
  family: "pap",
  title: "partial AUC plus precision",
  about:
    "Partial AUC that looks at the first k relevant items only, so that a query with more relevant items than places is not worse for it.",
  definition:
    "pairs of one of the first k relevant items and one of the first k irrelevant places that stand in order / (min(R, k) * k); places beyond the list are irrelevant",
  reference: "RecTools PAP; Budhiraja et al. 2020 (pAp@k)",
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
    formula: divide(sumOfLeads(k ?? 0, k ?? 0), combine("least", { kind: "relevant-count" }, constant(k ?? 0))),
  }),
};
