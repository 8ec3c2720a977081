import { exactSum } from "./exact-sum.ts";
import type { Numbers } from "./numbers.ts";
import { weightedMeanOf } from "./variance.ts";

/** An estimate with its standard error; the error is null when fewer than two clusters leave nothing to estimate it from. */
export type MeanEstimate = {
  readonly mean: number;
  readonly standardError: number | null;
  readonly degreesOfFreedom: number;
  readonly clusters: number;
};

/**
 * Clustered mean (F2): the weighted mean of the units, with a standard error that lets units of one cluster depend on each other.
 *
 * `m = sum(w x) / sum(w)`, `variance = G/(G-1) * sum over clusters of (sum of w (x - m))² / (sum(w))²`, `G - 1` degrees of freedom.
 * Use it for every per-unit mean. Without clusters every unit is its own, and without weights that is the paired t test's standard
 * error (F1). Assumes independent clusters, many enough (30 here) for a t distribution of the mean; weights are fixed and positive.
 * Shapes: one value, weight and cluster per unit, in one order; values in the metric's units. At least one unit.
 * Reference: Liang and Zeger 1986; equals statsmodels OLS on a constant with cov_type="cluster".
 */
export function clusteredMean(values: Numbers, clusters: readonly string[] | null = null, weights: Numbers | null = null): MeanEstimate {
  const total = weights === null ? values.length : exactSum(weights);
  const mean = weightedMeanOf(values, weights);
  const residuals = new Float64Array(values.length);
  for (let index = 0; index < residuals.length; index += 1) residuals[index] = (weights?.[index] ?? 1) * ((values[index] ?? 0) - mean);
  const perCluster = clusters === null ? residuals : sumsByCluster(residuals, clusters);
  const count = perCluster.length;
  if (count < 2) return { mean, standardError: null, degreesOfFreedom: 0, clusters: count };
  const variance = ((count / (count - 1)) * exactSum(perCluster.map((sum) => sum * sum))) / (total * total);
  return { mean, standardError: Math.sqrt(variance), degreesOfFreedom: count - 1, clusters: count };
}

function sumsByCluster(residuals: Numbers, clusters: readonly string[]): Numbers {
  const members = new Map<string, number[]>();
  residuals.forEach((residual, index) => {
    const cluster = clusters[index] ?? "";
    const known = members.get(cluster);
    if (known === undefined) members.set(cluster, [residual]);
    else known.push(residual);
  });
  return [...members.values()].map(exactSum);
}
