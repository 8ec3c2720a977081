import { normalCdf, normalQuantile } from "./normal.ts";
import { quantileOf } from "./quantile.ts";
import type { Interval } from "./t-interval.ts";

/**
 * Percentile interval: the middle of the bootstrap replicates, at their interpolated quantiles.
 *
 * Null when more than 1 % of the replicates have no value: the statistic is not defined on data like these. Units: the statistic's.
 * Reference: Efron and Tibshirani 1993, chapter 13.
 */
export function percentileInterval(replicates: readonly number[], confidence: number): Interval | null {
  return between(replicates, [(1 - confidence) / 2, (1 + confidence) / 2]);
}

/** Basic interval: the percentile interval mirrored at the estimate. Reference: Davison and Hinkley 1997, section 5.2. */
export function basicInterval(replicates: readonly number[], estimate: number, confidence: number): Interval | null {
  const interval = percentileInterval(replicates, confidence);
  return interval === null ? null : { lower: 2 * estimate - interval.upper, upper: 2 * estimate - interval.lower };
}

/** How a percentile interval is moved: by the bias of the median and by how the error changes with the value. */
export type BcaCorrection = { readonly bias: number; readonly acceleration: number; readonly levels: readonly [number, number] };

/**
 * The levels of the bias-corrected and accelerated (BCa) interval.
 *
 * Bias: the normal quantile of the share of replicates below the estimate, equal ones half. Acceleration: the skewness of the estimates
 * with one unit, or cluster, left out each time. Reference: Efron 1987; equals scipy.stats.bootstrap(method="BCa").
 */
export function bcaCorrection(
  replicates: readonly number[],
  estimate: number,
  leftOut: readonly number[],
  confidence: number,
): BcaCorrection {
  const below = replicates.filter((replicate) => replicate < estimate).length;
  const notAbove = replicates.filter((replicate) => replicate <= estimate).length;
  const bias = normalQuantile((below + notAbove) / (2 * replicates.length));
  const mean = leftOut.reduce((sum, value) => sum + value, 0) / leftOut.length;
  const squares = leftOut.reduce((sum, value) => sum + (mean - value) ** 2, 0);
  const cubes = leftOut.reduce((sum, value) => sum + (mean - value) ** 3, 0);
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
  const level = (probability: number): number => {
    const moved = bias + normalQuantile(probability);
    return normalCdf(bias + moved / (1 - acceleration * moved));
  };
  return { bias, acceleration, levels: [level((1 - confidence) / 2), level((1 + confidence) / 2)] };
}

/** The BCa interval; null as for the percentile interval, or when all replicates lie on one side of the estimate. */
export function bcaInterval(
  replicates: readonly number[],
  estimate: number,
  leftOut: readonly number[],
  confidence: number,
): Interval | null {
  const finite = replicates.filter(Number.isFinite);
  const { levels } = bcaCorrection(finite, estimate, leftOut, confidence);
  return levels.every((level) => level > 0 && level < 1) ? between(replicates, levels) : null;
}

function between(replicates: readonly number[], [lower, upper]: readonly [number, number]): Interval | null {
  const finite = replicates.filter(Number.isFinite);
  if (finite.length === 0 || finite.length < 0.99 * replicates.length) return null;
  return { lower: quantileOf(finite, lower, "interpolated"), upper: quantileOf(finite, upper, "interpolated") };
}
