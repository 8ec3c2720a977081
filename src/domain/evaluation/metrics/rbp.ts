import { allOrders, type Convention, judgedOption, rankingOptions } from "#domain/evaluation/convention.ts";
import { combine, constant, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const rbp: MetricFamily = {
  family: "rbp",
  title: "rank-biased precision",
  about: "What a reader gets who goes on to the next place with probability p; rbp_residual says what unjudged places could add.",
  definition: "(1 - p) * sum over places i (<= k) of relevant_i * p^(i - 1); with gain linear, of the grade itself, which can pass 1",
  reference: "Moffat and Zobel 2008; binary as in cwl-eval, graded unscaled as in ranx rbp",
  cutoff: "optional",
  options: {
    gain: ["binary", "linear"],
    p: ["number"],
    minRel: ["number"],
    level: ["binary", "everywhere"],
    ties: allOrders,
    ...judgedOption,
    ...rankingOptions,
  },
  defaults: { gain: "binary" },
  define: (k, { gain, p }) => ({
    better: "higher",
    range: { min: 0, max: gain === "binary" ? 1 : null },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: gain === "binary" ? "relevant" : "gain",
    weight: null,
    formula: combine("times", constant(1 - p), sumOverTop(k ?? reach(p), "gain", "geometric")),
  }),
};

/** Where a whole list may be cut without changing the sum: p^reach is below the last bit that an engine keeps (2^-60). */
export function reach(p: Convention["p"]): number {
  return Math.ceil((-62 * Math.LN2) / Math.log(p)) + 1;
}
