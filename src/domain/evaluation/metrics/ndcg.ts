import { allOrders, groupOption, judgedOption, namedGains, rankingOptions } from "#domain/evaluation/convention.ts";
import { divide, type Formula, type RankTerm, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const ndcg: MetricFamily = {
  family: "ndcg",
  title: "normalised discounted cumulative gain",
  about: "How close the first k places come to the best order; use it for graded labels.",
  definition:
    "DCG@k / the DCG@k of the best list: of all judged items (ideal judged), of the listed ones (retrieved), or of k places that gain 1 (full_k)",
  reference:
    "Järvelin and Kekäläinen 2002; linear gain over all judged items as in trec_eval ndcg_cut, exp2 as in ranx ndcg_burges and gdeval",
  cutoff: "optional",
  options: {
    gain: namedGains,
    ideal: ["judged", "retrieved", "full_k"],
    minRel: ["number"],
    level: ["binary", "everywhere"],
    ties: allOrders,
    ...groupOption,
    ...judgedOption,
    ...rankingOptions,
  },
  defaults: {},
  conflict: (k, { ideal, gain }) =>
    ideal === "full_k" && (gain !== "binary" || k === null)
      ? "ideal full_k counts k places that gain 1: it needs a cutoff and gain binary"
      : null,
  define: (k, { ideal }) => {
    const term: RankTerm = { value: "gain", discount: "log2" };
    const best: Formula =
      ideal === "full_k"
        ? { kind: "sum-over-full", k: k ?? 0, term }
        : { kind: "sum-over-ideal", k, of: ideal === "retrieved" ? ideal : "judged", term };
    return {
      better: "higher",
      range: { min: 0, max: 1 },
      unit: "query",
      decomposable: "per-unit-mean",
      countsWith: "gain",
      weight: null,
      formula: divide(sumOverTop(k ?? "all", term.value, term.discount), best),
    };
  },
};
