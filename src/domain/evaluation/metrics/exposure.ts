import { blindOrders, groupOf, rankingOptions } from "#domain/evaluation/convention.ts";
import { divide, sumOverItems } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const exposure: MetricFamily = {
  family: "exposure",
  title: "exposure share of a group of items",
  about:
    "The share of the first k places that goes to one provider, brand or segment: {metric: exposure@10, name: exposure_acme@10, items: {provider: acme}}.",
  definition:
    "places i <= k that hold an item of the group / places of the list, at most k; with discount log2, places count 1 / log2(i + 1)",
  reference: "Singh and Joachims 2018 (log2)",
  cutoff: "required",
  options: {
    items: ["group"],
    discount: ["none", "log2"],
    ties: blindOrders,
    scores: rankingOptions.scores,
    missing: ["intersect", "error"],
  },
  defaults: { missing: "intersect" },
  define: (k, { items, discount }) => ({
    better: "target",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "labels",
    weight: null,
    formula: divide(
      sumOverItems(k ?? 0, { kind: "in-group", group: groupOf(items) }, discount),
      sumOverItems(k ?? 0, { kind: "row" }, discount),
    ),
  }),
};
