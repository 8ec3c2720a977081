import { blindOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import { divide, sumOverItems } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const arp: MetricFamily = {
  family: "arp",
  title: "average recommendation popularity",
  about: "How popular the first k items are: the popularity bias of a recommender. Where it rises, the long tail is shown less.",
  definition:
    "mean over the items in the first k of how many took them (scale count), ln(1 + how many) (log1p), or that number / the most popular item's (of_most_popular); an item that nobody took counts 0, or is left out with unseen: skip",
  reference: "RecTools AvgRecPopularity (unseen zero); Evidently PopularityBias (unseen skip)",
  cutoff: "required",
  options: {
    column: ["text"],
    scale: ["count", "log1p", "of_most_popular"],
    unseen: ["zero", "skip"],
    ties: blindOrders,
    scores: rankingOptions.scores,
    missing: ["intersect", "error"],
  },
  defaults: { column: "popularity", missing: "intersect" },
  define: (k, { column, scale, unseen }) => {
    const depth = k ?? 0;
    return {
      better: "lower",
      range: { min: 0, max: scale === "of_most_popular" ? 1 : null },
      unit: "query",
      decomposable: "per-unit-mean",
      countsWith: "labels",
      weight: null,
      formula: divide(
        sumOverItems(depth, { kind: "popularity", column, scale }),
        unseen === "skip" ? sumOverItems(depth, { kind: "seen", column }) : sumOverItems(depth, { kind: "row" }),
      ),
    };
  },
};
