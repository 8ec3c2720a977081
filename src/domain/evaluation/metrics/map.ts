import { type Convention, groupOption, idOrders, judgedOption, rankingOptions } from "#domain/evaluation/convention.ts";
import { combine, constant, divide, type Formula, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const map: MetricFamily = {
  family: "map",
  title: "mean average precision",
  about:
    "Precision at every relevant item, averaged: rewards all relevant items, early. The divisor at a cutoff is where libraries differ.",
  definition: "sum over relevant places i <= k of (relevant items down to i) / i, divided by R, min(R, k) (divisor capped) or k",
  reference: "trec_eval map and map_cut (R), ranx map@k (R), Microsoft recommenders map_at_k (capped), RecTools divide_by_k (k)",
  cutoff: "optional",
  options: { divisor: ["relevant", "capped", "k"], minRel: ["number"], ties: idOrders, ...groupOption, ...judgedOption, ...rankingOptions },
  defaults: { divisor: "relevant" },
  conflict: (k, { divisor }) => (k === null && divisor !== "relevant" ? `divisor ${divisor} needs a cutoff` : null),
  define: (k, { divisor }) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    weight: null,
    formula: divide(sumOverTop(k ?? "all", "precision"), divisorOf(divisor, k)),
  }),
};

function divisorOf(divisor: Convention["divisor"], k: number | null): Formula {
  if (k === null || divisor === "relevant") return { kind: "relevant-count" };
  return divisor === "capped" ? combine("least", { kind: "relevant-count" }, constant(k)) : constant(k);
}
