import { blindOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import { constant, divide, sumOverItems } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const serendipity: MetricFamily = {
  family: "serendipity",
  title: "serendipity",
  about: "Whether relevant items stand higher than their popularity alone would put them: hits that a list of best sellers does not make.",
  definition:
    "sum over relevant places i <= k of max((n + 1 - i) / n - P, 0) / k, n the number of items in the catalogue, P = (n + 1 - rank by popularity) / n with equal popularity sharing a rank, 0 for an item that nobody took",
  reference: "RecTools Serendipity",
  cutoff: "required",
  options: { column: ["text"], minRel: ["number"], ties: blindOrders, ...rankingOptions },
  defaults: { column: "popularity" },
  define: (k, { column }) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    weight: null,
    formula: divide(sumOverItems(k ?? 0, { kind: "surprise", column }), constant(k ?? 0)),
  }),
};
