import { blindOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import { exposureOver } from "#domain/evaluation/corpus.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";
import { exactSum } from "#domain/statistics/exact-sum.ts";

export const gini: MetricFamily = {
  family: "gini",
  title: "Gini index of exposure",
  about: "How unequally the first k places are shared among the items of the catalogue: 0 all alike, 1 one item gets all.",
  definition:
    "sum over items of (2 i - n - 1) x_i / ((n - 1) sum of x), x how often an item stands in the first k of a list, ascending, zeros included, n the number of items; / n with divisor items",
  reference: "Evidently PopularityBias Gini (over recommended_only), which makes a list of ten items look fair",
  cutoff: "required",
  options: {
    over: ["catalogue", "recommended_only"],
    divisor: ["items_less_one", "items"],
    ties: blindOrders,
    scores: rankingOptions.scores,
    missing: ["intersect", "error"],
  },
  defaults: { divisor: "items_less_one", missing: "intersect" },
  define: (k, { over, divisor, column }) => ({
    better: "lower",
    range: { min: 0, max: 1 },
    unit: "corpus",
    decomposable: "corpus",
    countsWith: "labels",
    weight: null,
    formula: { kind: "listed-items", k: k ?? 0, over, column },
    corpus: (exposure) => {
      const shown = exposureOver(exposure, over).toSorted();
      const n = shown.length;
      const by = (divisor === "items" ? n : n - 1) * exactSum(shown);
      return by > 0 ? exactSum(shown.map((times, index) => (2 * (index + 1) - n - 1) * times)) / by : null;
    },
  }),
};
