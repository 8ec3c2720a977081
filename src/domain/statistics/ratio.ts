import { clusteredMean, type MeanEstimate } from "./clustered-mean.ts";
import { studentTQuantile } from "./student-t.ts";
import type { Interval } from "./t-interval.ts";
import { covarianceOf, meanOf, varianceOf, weightedMeanOf } from "./variance.ts";

/**
 * Ratio of two sums over the same units (F3), such as clicks per impression: its estimate is in `mean`.
 *
 * `R = sum(N) / sum(D)`, its error that of `z = (N - R D) / mean(D)`, which is the delta method's, and carries clusters and weights.
 * Assumes a mean of D that is clearly not 0; null when it is 0. Shapes: one numerator, denominator, cluster and weight per unit, in one
 * order. Units: N's over D's. Reference: Cochran 1977, section 6.4; equals gbstats' variance_of_ratios.
 */
export function ratioOfSums(
  numerators: readonly number[],
  denominators: readonly number[],
  clusters: readonly string[] | null = null,
  weights: readonly number[] | null = null,
): MeanEstimate | null {
  const denominator = weightedMeanOf(denominators, weights);
  if (denominator === 0) return null;
  const ratio = weightedMeanOf(numerators, weights) / denominator;
  const linearised = numerators.map((numerator, index) => (numerator - ratio * (denominators[index] ?? Number.NaN)) / denominator);
  return { ...clusteredMean(linearised, clusters, weights), mean: ratio };
}

/**
 * Fieller's interval of a ratio of two means over the same independent units, also where the denominator is uncertain.
 *
 * The R with `|mean(N - R D)| <= t * its standard error`. Null when the denominator's own interval contains 0: then every ratio, or all
 * but an interval, is possible. Assumes means that are about normal together. Reference: Fieller 1954.
 */
export function fiellerInterval(numerators: readonly number[], denominators: readonly number[], confidence: number): Interval | null {
  const n = numerators.length;
  const t = studentTQuantile(1 - (1 - confidence) / 2, n - 1);
  const [top, bottom] = [meanOf(numerators), meanOf(denominators)];
  const a = bottom ** 2 - (t ** 2 * varianceOf(denominators)) / n;
  const b = top * bottom - (t ** 2 * covarianceOf(numerators, denominators)) / n;
  const c = top ** 2 - (t ** 2 * varianceOf(numerators)) / n;
  const discriminant = b ** 2 - a * c;
  if (!(a > 0) || !(discriminant >= 0)) return null;
  const root = Math.sqrt(discriminant);
  return { lower: (b - root) / a, upper: (b + root) / a };
}
