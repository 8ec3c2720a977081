import { blindOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import { exposureOver } from "#domain/evaluation/corpus.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";
import { exactSum } from "#domain/statistics/exact-sum.ts";

export const entropy: MetricFamily = {
  family: "entropy",
  title: "entropy of exposure",
  about: "How evenly the first k places are spread over items, in bits: 2^entropy items shown equally often would give the same.",
  definition: "- sum over items of p log2 p, p the item's share of all first k places",
  reference: "Shannon 1948; needs no catalogue, for an item that is never shown adds nothing",
  cutoff: "required",
  options: { ties: blindOrders, scores: rankingOptions.scores, missing: ["intersect", "error"] },
  defaults: { missing: "intersect" },
  define: (k, { column }) => ({
    better: "higher",
    range: { min: 0, max: null },
    unit: "corpus",
    decomposable: "corpus",
    countsWith: "labels",
    weight: null,
    formula: { kind: "listed-items", k: k ?? 0, over: "recommended_only", column },
    corpus: (exposure) => {
      const shown = exposureOver(exposure, "recommended_only");
      const all = exactSum(shown);
      return all === 0 ? null : 0 - exactSum(shown.map((times) => (times / all) * Math.log2(times / all)));
    },
  }),
};
