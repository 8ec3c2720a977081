import { idOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import { divide, sumOfLeads } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const partialAuc: MetricFamily = {
  family: "partial_auc",
  title: "partial AUC of a list",
  about: "How likely a relevant item stands above one of the first k irrelevant ones: AUC that looks at the top of the list only.",
  definition:
    "pairs of a relevant item and one of the first k irrelevant places that stand in order / (R * k); places beyond the list are irrelevant",
  reference: "RecTools PartialAUC",
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
    formula: divide(sumOfLeads(k ?? 0, "all"), { kind: "relevant-count" }),
  }),
};
