import { allOrders, rankingOptions } from "#domain/evaluation/convention.ts";
import { combine, constant, divide, type Formula, squareRoot, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

const times = (left: Formula, right: Formula): Formula => combine("times", left, right);
const minus = (left: Formula, right: Formula): Formula => combine("minus", left, right);

export const listMcc: MetricFamily = {
  family: "mcc",
  title: "Matthews correlation of list and relevance",
  about: "How well being in the first k places agrees with being relevant, over the whole catalogue: 0 is no better than chance.",
  definition:
    "(h n - k R) / sqrt(k R (n - R) (n - k)), h the relevant items in the first k, n the items of the catalogue; 0 where nothing varies",
  reference: "RecTools MCC",
  cutoff: "required",
  options: { minRel: ["number"], ties: allOrders, ...rankingOptions },
  defaults: {},
  define: (k) => {
    const [places, size, relevant] = [constant(k ?? 0), { kind: "catalogue-size" }, { kind: "relevant-count" }] as const;
    const hits = sumOverTop(k ?? "all", "relevant");
    return {
      better: "higher",
      range: { min: -1, max: 1 },
      unit: "query",
      decomposable: "per-unit-mean",
      countsWith: "relevant",
      weight: null,
      formula: divide(
        minus(times(hits, size), times(places, relevant)),
        squareRoot(times(times(places, relevant), times(minus(size, relevant), minus(size, places)))),
      ),
    };
  },
};
