import { rankingOptions } from "#domain/evaluation/convention.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

/** Every pair of items is compared: at 200 places that is up to 80,000 pairs a query. */
const greatestCutoff = 200;

export const kendallTau: MetricFamily = {
  family: "kendall_tau",
  title: "rank agreement of the two arms",
  about:
    "Whether candidate and baseline put the items of their first k places into the same order: 1 the same, 0 unrelated, -1 reversed; for a compressed model. It compares the arms itself, so gates use atLeast.",
  definition: "Kendall's tau-b over the items in the first k of either arm; those that an arm does not show there tie behind its others",
  reference: "Kendall 1945; scipy.stats.kendalltau of the two places, k + 1 where there is none",
  cutoff: "required",
  options: { ties: ["id_desc", "id_asc"], scores: rankingOptions.scores, missing: rankingOptions.missing },
  defaults: {},
  conflict: (k) =>
    k !== null && k > greatestCutoff ? `every pair of items is compared, so its cutoff is at most ${greatestCutoff}` : null,
  define: (k) => ({
    better: "higher",
    range: { min: -1, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "labels",
    weight: null,
    formula: { kind: "agreement", k: k ?? 0, by: "kendall" },
  }),
};
