import type { RankTerm } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

/**
 * Normalised discounted cumulative gain: how close the first k places come to the best order of all judged items.
 *
 * `dcg = sum over ranks i <= k of gain_i / log2(i + 1)`, divided by the same sum over all judged items of the unit, best first.
 * Use it for graded labels. Unit: query; range 0 to 1. A unit without a relevant item has no best order and is left out, counted.
 * Reference: Järvelin and Kekäläinen 2002; gain linear and ideal over all judged as in trec_eval's ndcg_cut.
 */
export const ndcg: MetricFamily = {
  family: "ndcg",
  title: "normalised discounted cumulative gain",
  cutoff: "required",
  ties: ["id_desc", "average", "worst"],
  define: (k, convention) => {
    const depth = k ?? 0;
    const term: RankTerm = { value: "gain", discount: "log2" };
    return {
      better: "higher",
      range: { min: 0, max: 1 },
      unit: "query",
      decomposable: "per-unit-mean",
      countsWith: "gain",
      printedConvention: { gain: convention.gain, ideal: "judged", ties: convention.ties },
      formula: {
        kind: "divide",
        numerator: { kind: "sum-over-top", k: depth, term },
        denominator: { kind: "sum-over-ideal", k: depth, term },
      },
    };
  },
};
