import {
  allOrders,
  type Convention,
  clickConflict,
  clickOptions,
  groupOption,
  judgedOption,
  namedGains,
  rankingOptions,
} from "#domain/evaluation/convention.ts";
import { sumOverTop } from "#domain/evaluation/formula.ts";
import type { MetricFamily } from "#domain/evaluation/metric.ts";

export const dcg: MetricFamily = {
  family: "dcg",
  title: "discounted cumulative gain",
  about: "What the first places are worth, the first most; not normalised, so it compares two models on the same queries only.",
  definition: "sum over places i <= k of gain_i / log2(i + 1); with clicks ips of gain_i / propensity_i / log2(i + 1)",
  reference: "Järvelin and Kekäläinen 2002; scikit-learn dcg_score, ranx dcg and dcg_burges; clicks ips: Agarwal et al. 2019",
  cutoff: "optional",
  options: {
    gain: namedGains,
    minRel: ["number"],
    level: ["binary", "everywhere"],
    ties: allOrders,
    ...clickOptions,
    ...groupOption,
    ...judgedOption,
    ...rankingOptions,
  },
  defaults: {},
  conflict: (_, convention) => clickConflict(convention),
  define: (k, convention) => ({
    better: "higher",
    range: { min: 0, max: greatestDcg(k, convention) },
    unit: "query",
    decomposable: "per-unit-mean",
    countsWith: "gain",
    weight: null,
    formula: sumOverTop(k ?? "all", "gain", "log2"),
  }),
};

/** Known only where the gains are: the data's best grade must not decide it. */
function greatestDcg(k: number | null, { gain, clicks }: Convention): number | null {
  const best = gain === "binary" ? 1 : typeof gain === "object" ? Math.max(...Object.values(gain)) : null;
  if (k === null || best === null || clicks === "ips") return null;
  return best * Array.from({ length: k }, (_, index) => 1 / Math.log2(index + 2)).reduce((sum, discount) => sum + discount, 0);
}
