import { blindOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import { exposureOver } from "#domain/evaluation/corpus.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const coverage: MetricFamily = {
  family: "coverage",
  title: "catalogue coverage",
  about: "The share of the catalogue that is shown to anybody in the first k places.",
  definition:
    "items of the catalogue in the first k of any list / items of the catalogue; with over: taken_only, both of items that somebody took before",
  reference: "RecTools CatalogCoverage; Evidently PopularityBias coverage (over taken_only)",
  cutoff: "required",
  options: {
    over: ["catalogue", "taken_only"],
    column: ["text"],
    ties: blindOrders,
    scores: rankingOptions.scores,
    missing: ["intersect", "error"],
  },
  defaults: { column: "popularity", missing: "intersect" },
  define: (k, { over, column }) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "corpus",
    decomposable: "corpus",
    countsWith: "labels",
    weight: null,
    formula: { kind: "listed-items", k: k ?? 0, over, column },
    corpus: (exposure) => {
      const shown = exposureOver(exposure, over);
      return shown.length === 0 ? null : shown.filter((times) => times > 0).length / shown.length;
    },
  }),
};
