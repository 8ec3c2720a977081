import { idOrders, judgedOption, rankingOptions } from "#domain/evaluation/convention.ts";
import { sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const err: MetricFamily = {
  family: "err",
  title: "expected reciprocal rank",
  about: "Where a reader who stops at the first item that contents them is expected to stop; a good item devalues what follows.",
  definition: "sum over places i <= k of (1 / i) * R_i * product over j < i of (1 - R_j), with R_i = (2^grade_i - 1) / 2^maxGrade",
  reference: "Chapelle et al. 2009; gdeval (maxGrade 4). The best grade is the schema's, never the data's",
  cutoff: "optional",
  options: { maxGrade: ["number"], ties: idOrders, ...judgedOption, ...rankingOptions },
  defaults: {},
  define: (k) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "gain",
    weight: null,
    formula: sumOverTop(k ?? "all", "stop", "rank"),
  }),
};
