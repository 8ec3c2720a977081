import { rankingOptions } from "#domain/evaluation/convention.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const overlap: MetricFamily = {
  family: "overlap",
  title: "overlap of the two arms",
  about:
    "The share of the first k places that candidate and baseline have in common, in whatever order; for a compressed model that should show what the uncompressed one shows. It compares the arms itself, so gates use atLeast.",
  definition: "items in the first k of both arms / places that the longer of the two fills, at most k",
  reference: "by definition; overlap at depth k as in Webber et al. 2010",
  cutoff: "required",
  options: { ties: ["id_desc", "id_asc"], scores: rankingOptions.scores, missing: rankingOptions.missing },
  defaults: {},
  define: (k) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "labels",
    weight: null,
    formula: { kind: "agreement", k: k ?? 0, by: "overlap" },
  }),
};
