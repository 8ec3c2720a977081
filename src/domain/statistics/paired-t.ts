import { clusteredMean } from "./clustered-mean.ts";
import { studentTCdf } from "./student-t.ts";

export type PairedT = {
  readonly mean: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  readonly t: number;
  readonly pTwoSided: number;
  readonly pGreater: number;
  readonly pLess: number;
};

/**
 * Paired t test (F1): whether the mean of per-unit differences lies away from a value.
 *
 * `t = (mean(d) - against) / (sd(d) / sqrt(n))`, n - 1 degrees of freedom. Against `-margin`, `pGreater` tests non-inferiority (F8).
 * Assumes independent units and n large enough for a normal mean. Null without variance or with fewer than two units: that is
 * never evidence. Shape: one difference per unit, candidate - baseline. Reference: Student 1908; equals scipy.stats.ttest_1samp.
 */
export function pairedT(differences: readonly number[], against = 0): PairedT | null {
  if (differences.length < 2) return null;
  const { mean, standardError, degreesOfFreedom } = clusteredMean(differences);
  if (standardError === null || standardError === 0 || hasNoVariance(differences)) return null;
  const t = (mean - against) / standardError;
  return {
    mean,
    standardError,
    degreesOfFreedom,
    t,
    pTwoSided: 2 * studentTCdf(-Math.abs(t), degreesOfFreedom),
    pGreater: studentTCdf(-t, degreesOfFreedom),
    pLess: studentTCdf(t, degreesOfFreedom),
  };
}

/** Whether the values are one value, but for the last digits that subtraction leaves. */
export function hasNoVariance(values: readonly number[]): boolean {
  const roundingNoise = 1e-12;
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return greatest - least <= roundingNoise * Math.max(Math.abs(least), Math.abs(greatest));
}
