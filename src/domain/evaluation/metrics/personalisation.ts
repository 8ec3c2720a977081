import { blindOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";
import { meanOverPairs } from "#domain/statistics/mean-over-pairs.ts";

/** Beyond this many pairs, so many are drawn: the mean's standard error is below 0.0012. */
const mostPairs = 200_000;

export const personalisation: MetricFamily = {
  family: "personalisation",
  title: "personalisation",
  about: "How different the lists of different units are: 0 everybody sees the same items, 1 no two lists share one.",
  definition:
    "1 - mean over pairs of units of the items in common / the items of both (similarity jaccard), or / those of the longer list (overlap); of more than 200,000 pairs, so many are drawn with a fixed seed",
  reference: "overlap is Evidently Personalization's: items in common / k for full lists",
  cutoff: "required",
  options: {
    similarity: ["jaccard", "overlap"],
    ties: blindOrders,
    scores: rankingOptions.scores,
    missing: ["intersect", "error"],
  },
  defaults: { missing: "intersect" },
  define: (k, { similarity, column }) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "corpus",
    decomposable: "corpus",
    countsWith: "labels",
    weight: null,
    formula: { kind: "listed-items", k: k ?? 0, over: "recommended_only", column },
    corpus: ({ units, seed }) => {
      const lists = units.filter((items) => items.length > 0);
      const likeness = (a: number, b: number): number => {
        const [left = [], right = []] = [lists[a], lists[b]];
        const common = inCommon(left, right);
        return common / (similarity === "jaccard" ? left.length + right.length - common : Math.max(left.length, right.length));
      };
      const mean = meanOverPairs(lists.length, likeness, mostPairs, seed);
      return mean === null ? null : 1 - mean;
    },
  }),
};

/** How many numbers two ascending lists share. */
function inCommon(left: readonly number[], right: readonly number[]): number {
  let [common, l, r] = [0, 0, 0];
  while (l < left.length && r < right.length) {
    const [a = 0, b = 0] = [left[l], right[r]];
    if (a === b) common += 1;
    if (a <= b) l += 1;
    if (b <= a) r += 1;
  }
  return common;
}
