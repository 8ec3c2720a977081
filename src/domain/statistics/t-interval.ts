import { studentTQuantile } from "./student-t.ts";

export type Interval = { readonly lower: number; readonly upper: number };

/**
 * Two-sided t interval: the values that the estimate does not contradict at this confidence.
 *
 * `mean ± t(1 - (1-confidence)/2, df) * standard error`. Assumes the mean is about normal, which many independent clusters make it.
 * Units: the estimate's own. Reference: Student 1908; equals scipy's ttest_1samp(...).confidence_interval.
 */
export function tInterval(mean: number, standardError: number, degreesOfFreedom: number, confidence: number): Interval {
  const half = studentTQuantile(1 - (1 - confidence) / 2, degreesOfFreedom) * standardError;
  return { lower: mean - half, upper: mean + half };
}
