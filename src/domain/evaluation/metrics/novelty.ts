import { blindOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import { divide, sumOverItems } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const novelty: MetricFamily = {
  family: "novelty",
  title: "novelty",
  about: "How little known the first k items are, in bits; `users` says how many users the popularity column counts.",
  definition:
    "mean over the items in the first k of -log2(users who took the item / users); an item that nobody took is worth log2(users + 1) (unseen rarest), log2(users) (one), or is left out (skip)",
  reference: "Zhou et al. 2010; RecTools MeanInvUserFreq (unseen one); Evidently Novelty (unseen skip)",
  cutoff: "required",
  options: {
    column: ["text"],
    users: ["number"],
    unseen: ["rarest", "one", "skip"],
    ties: blindOrders,
    scores: rankingOptions.scores,
    missing: rankingOptions.missing,
  },
  defaults: { column: "popularity", unseen: "rarest" },
  define: (k, { column, users, unseen }) => {
    const depth = k ?? 0;
    return {
      better: "higher",
      range: { min: 0, max: users === 0 ? null : Math.log2(users + (unseen === "rarest" ? 1 : 0)) },
      unit: "query",
      decomposable: "per-unit-mean",
      countsWith: "labels",
      weight: null,
      formula: divide(
        sumOverItems(depth, { kind: "self-information", column, users, unseen }),
        unseen === "skip" ? sumOverItems(depth, { kind: "seen", column }) : sumOverItems(depth, { kind: "row" }),
      ),
    };
  },
};
