import { clickConflict, clickOptions, groupOption, judgedOption, rankingOptions } from "#domain/evaluation/convention.ts";
import { divide, type RankTerm, sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const value: MetricFamily = {
  family: "value",
  title: "value of the relevant items shown",
  about:
    "What the relevant items of the first k places are worth together, such as the revenue or margin of what was bought; a negative value, such as a return, counts against.",
  definition:
    "sum over relevant places i <= k of value_i, or with discount log2 of value_i / log2(i + 1); with ideal judged divided by that of the best list, which leaves items of negative value out",
  reference: "sum by definition; with discount log2, the DCG of Järvelin and Kekäläinen 2002 with values as gains",
  cutoff: "required",
  options: {
    column: ["text"],
    discount: ["none", "log2"],
    ideal: ["none", "judged"],
    minRel: ["number"],
    ties: ["id_desc", "id_asc", "average"],
    ...clickOptions,
    ...groupOption,
    ...judgedOption,
    ...rankingOptions,
  },
  defaults: { ideal: "none", column: "value" },
  conflict: (_, convention) => clickConflict(convention),
  define: (k, { discount, ideal }) => {
    const term: RankTerm = { value: "value", discount };
    const shown = sumOverTop(k ?? "all", term.value, term.discount);
    return {
      better: "higher",
      range: { min: null, max: ideal === "none" ? null : 1 },
      unit: "query",
      decomposable: "per-unit-mean",
      countsWith: ideal === "none" ? "relevant" : "value",
      weight: null,
      formula: ideal === "none" ? shown : divide(shown, { kind: "sum-over-ideal", k, of: "judged", term }),
    };
  },
};
