import { allOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import { combine, constant, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";
import { reach } from "./rbp.ts";

export const rbpResidual: MetricFamily = {
  family: "rbp_residual",
  title: "residual of rank-biased precision",
  about:
    "The most that places without a label, and those beyond the list, could still add to RBP: how uncertain RBP is for want of labels.",
  definition: "1 - (1 - p) * sum over judged places i (<= k) of p^(i - 1); p^k for k judged places",
  reference: "Moffat and Zobel 2008, section 4.5",
  cutoff: "optional",
  options: { p: ["number"], ties: allOrders, scores: rankingOptions.scores, missing: rankingOptions.missing },
  defaults: {},
  define: (k, { p }) => ({
    better: "lower",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "labels",
    weight: null,
    formula: combine("minus", constant(1), combine("times", constant(1 - p), sumOverTop(k ?? reach(p), "judged", "geometric"))),
  }),
};
