import { blindOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const ild: MetricFamily = {
  family: "ild",
  title: "intra-list diversity",
  about: "How different the first k items are from each other, by a category or by vectors of the catalogue.",
  definition:
    "mean over the pairs of items in the first k of their distance: 1 if their categories differ, else 0 (distance category); of their vectors the coordinates that differ (hamming), the length of the difference (euclidean) or 1 - cosine (cosine); items without a value are left out, and a list without a pair is worth 0",
  reference: "Ziegler et al. 2005; RecTools IntraListDiversity (hamming, not divided by the number of coordinates)",
  cutoff: "required",
  options: {
    column: ["text"],
    distance: ["category", "hamming", "euclidean", "cosine"],
    ties: blindOrders,
    scores: rankingOptions.scores,
    missing: rankingOptions.missing,
  },
  defaults: { column: "category" },
  conflict: (_, { column, distance }) =>
    distance !== "category" && column === "category"
      ? `distance ${distance} compares vectors: name their column, such as column: vector`
      : null,
  define: (k, { column, distance }) => ({
    better: "higher",
    range: { min: 0, max: { category: 1, cosine: 2, hamming: null, euclidean: null }[distance] },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "labels",
    weight: null,
    formula: { kind: "mean-distance", k: k ?? 0, column, distance },
  }),
};
