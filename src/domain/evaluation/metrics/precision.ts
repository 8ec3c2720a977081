import { allOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import { constant, divide, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const precision: MetricFamily = {
  family: "precision",
  title: "precision",
  about:
    "The share of the first k places that are relevant; places that a short list leaves empty count as misses, unless divisor is listed.",
  definition: "relevant items in the first k / k, or / min(k, length of the list) with divisor listed",
  reference: "trec_eval P_k, ranx precision@k",
  cutoff: "required",
  options: { divisor: ["k", "listed"], minRel: ["number"], ties: allOrders, ...rankingOptions },
  defaults: {},
  define: (k, { divisor }) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    weight: null,
    formula: divide(sumOverTop(k ?? "all", "relevant"), divisor === "listed" ? { kind: "listed-count", k } : constant(k ?? 0)),
  }),
};
