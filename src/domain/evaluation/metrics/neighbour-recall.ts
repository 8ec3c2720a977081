import { rankingOptions } from "#domain/evaluation/convention.ts";
import { combine, constant, divide } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const neighbourRecall: MetricFamily = {
  family: "neighbour_recall",
  title: "recall against exact neighbours",
  about:
    "The share of a query's k nearest neighbours that an approximate or compressed index finds among its first k; for task retrieval, whose labels are the exact neighbours.",
  definition:
    "items in the first k that are among the k exact neighbours / k; with neighbours within also any listed neighbour no farther than the k-th; with divisor capped / min(k, exact neighbours listed)",
  reference: "ann-benchmarks knn recall (neighbours within: its distance threshold, from the distances of the labels)",
  cutoff: "required",
  options: {
    divisor: ["k", "capped"],
    neighbours: ["first", "within"],
    ties: ["id_desc", "id_asc"],
    scores: rankingOptions.scores,
    missing: rankingOptions.missing,
  },
  defaults: {},
  define: (k, { divisor }) => {
    const places = constant(k ?? 0);
    return {
      better: "higher",
      range: { min: 0, max: 1 },
      unit: "query",
      decomposable: "per-unit-mean",
      countsWith: "labels",
      weight: null,
      formula: divide(
        { kind: "neighbours-in-top", k: k ?? 0 },
        divisor === "capped" ? combine("least", places, { kind: "relevant-count" }) : places,
      ),
    };
  },
};
