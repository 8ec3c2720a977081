import { allOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import { constant, divide, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const judged: MetricFamily = {
  family: "judged",
  title: "judged share",
  about:
    "The share of the first k places that have a label at all: where it differs between the arms, the arm with less looks worse than it may be.",
  definition: "items with a label in the first k / min(k, length of the list), or / k with divisor k",
  reference: "ir-measures Judged@k",
  cutoff: "required",
  options: { divisor: ["listed", "k"], ties: allOrders, scores: rankingOptions.scores, missing: rankingOptions.missing },
  defaults: { divisor: "listed" },
  define: (k, { divisor }) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "labels",
    weight: null,
    formula: divide(sumOverTop(k ?? "all", "judged"), divisor === "listed" ? { kind: "listed-count", k } : constant(k ?? 0)),
  }),
};
