import { clusteredMean, type MeanEstimate } from "./clustered-mean.ts";
import { fiellerInterval } from "./ratio.ts";
import type { Interval } from "./t-interval.ts";
import { weightedMeanOf } from "./variance.ts";

/**
 * Relative lift of paired arms (F3): how many times its baseline a candidate gained, `(C - B) / |B|`, in `mean`.
 *
 * Its error is that of `z = (c - b - L s b) / |B|` with s the sign of B, the delta method's. Null when the baseline lies within three of
 * its standard errors of 0: print the absolute difference only. Shapes: one value per unit and arm, a cluster and weight per unit, in
 * one order. Units: a share, 0.02 for 2 %. Reference: Deng, Knoblich and Lu 2018; divides by |B| as gbstats' frequentist_diff.
 */
export function relativeLift(
  candidate: readonly number[],
  baseline: readonly number[],
  clusters: readonly string[] | null = null,
  weights: readonly number[] | null = null,
): MeanEstimate | null {
  const base = clusteredMean(baseline, clusters, weights);
  if (base.standardError === null || !(Math.abs(base.mean) >= 3 * base.standardError) || base.mean === 0) return null;
  const size = Math.abs(base.mean);
  const differences = candidate.map((value, index) => value - (baseline[index] ?? Number.NaN));
  const lift = weightedMeanOf(differences, weights) / size;
  const signed = lift * Math.sign(base.mean);
  const linearised = differences.map((difference, index) => (difference - signed * (baseline[index] ?? Number.NaN)) / size);
  return { ...clusteredMean(linearised, clusters, weights), mean: lift };
}

/** Fieller's interval of the relative lift of paired, independent units; null when the baseline's interval contains 0. */
export function fiellerLift(candidate: readonly number[], baseline: readonly number[], confidence: number): Interval | null {
  const ratio = fiellerInterval(candidate, baseline, confidence);
  if (ratio === null) return null;
  const negative = baseline.reduce((sum, value) => sum + value, 0) < 0;
  return negative ? { lower: 1 - ratio.upper, upper: 1 - ratio.lower } : { lower: ratio.lower - 1, upper: ratio.upper - 1 };
}
