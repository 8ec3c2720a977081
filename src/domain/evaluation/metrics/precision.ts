import { allOrders, type Convention, groupOption, judgedOption, rankingOptions } from "#domain/evaluation/convention.ts";
import { combine, constant, divide, type Formula, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const precision: MetricFamily = {
  family: "precision",
  title: "precision",
  about:
    "The share of the first k places that are relevant; places that a short list leaves empty count as misses, unless divisor is listed.",
  definition: "relevant items in the first k / k, / min(k, length of the list) with divisor listed, or / min(k, R) with divisor capped",
  reference: "trec_eval P_k, ranx precision@k; capped is RecTools Precision(r_precision=True)",
  cutoff: "required",
  options: { divisor: ["k", "listed", "capped"], minRel: ["number"], ties: allOrders, ...groupOption, ...judgedOption, ...rankingOptions },
  defaults: {},
  define: (k, { divisor }) => ({
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "relevant",
    weight: null,
    formula: divide(sumOverTop(k ?? "all", "relevant"), divisorOf(divisor, k ?? 0)),
  }),
};

function divisorOf(divisor: Convention["divisor"], k: number): Formula {
  if (divisor === "listed") return { kind: "listed-count", k };
  return divisor === "capped" ? combine("least", { kind: "relevant-count" }, constant(k)) : constant(k);
}
