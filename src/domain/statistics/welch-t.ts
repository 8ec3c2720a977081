import { studentTCdf } from "./student-t.ts";
import { meanOf, varianceOf } from "./variance.ts";

export type TwoSampleT = {
  readonly difference: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  readonly t: number;
  readonly pTwoSided: number;
  readonly pGreater: number;
};

/**
 * Welch's t test: whether the means of two groups of different units differ, their variances being what they are.
 *
 * `t = (mean(c) - mean(b) - against) / sqrt(v_c/n_c + v_b/n_b)`, Satterthwaite's degrees of freedom. Use it where the arms have different
 * units; the same units in both arms belong in `pairedT`. Assumes independent units and means that are about normal. Null below two
 * units an arm or without any variance. Shapes: one value per unit; result in the metric's units, candidate - baseline.
 * Reference: Welch 1947; equals scipy.stats.ttest_ind(equal_var=False).
 */
export function welchT(candidate: readonly number[], baseline: readonly number[], against = 0): TwoSampleT | null {
  const [c, b] = [varianceOf(candidate) / candidate.length, varianceOf(baseline) / baseline.length];
  if (!(c + b > 0)) return null;
  const degreesOfFreedom = (c + b) ** 2 / (c ** 2 / (candidate.length - 1) + b ** 2 / (baseline.length - 1));
  return tested(meanOf(candidate) - meanOf(baseline), Math.sqrt(c + b), degreesOfFreedom, against);
}

/**
 * Student's t test with the variance pooled: as Welch's, for arms known to have one variance. Reference: Student 1908; equals
 * scipy.stats.ttest_ind.
 */
export function pooledT(candidate: readonly number[], baseline: readonly number[], against = 0): TwoSampleT | null {
  const degreesOfFreedom = candidate.length + baseline.length - 2;
  const squares = varianceOf(candidate) * (candidate.length - 1) + varianceOf(baseline) * (baseline.length - 1);
  const variance = (squares / degreesOfFreedom) * (1 / candidate.length + 1 / baseline.length);
  if (!(variance > 0)) return null;
  return tested(meanOf(candidate) - meanOf(baseline), Math.sqrt(variance), degreesOfFreedom, against);
}

function tested(difference: number, standardError: number, degreesOfFreedom: number, against: number): TwoSampleT {
  const t = (difference - against) / standardError;
  const pTwoSided = 2 * studentTCdf(-Math.abs(t), degreesOfFreedom);
  return { difference, standardError, degreesOfFreedom, t, pTwoSided, pGreater: studentTCdf(-t, degreesOfFreedom) };
}
