import { normalQuantile } from "./normal.ts";
import type { Interval } from "./t-interval.ts";

/**
 * Wilson score interval: the shares of successes that this sample does not contradict, also near 0 and 1.
 *
 * The p with `|p̂ - p| <= z * sqrt(p (1 - p) / n)`. Use it for a share of independent events, such as requests within an objective.
 * Null without an event. Units: shares from 0 to 1. Reference: Wilson 1927; equals statsmodels proportion_confint(method="wilson").
 */
export function wilsonInterval(successes: number, total: number, confidence = 0.95): Interval | null {
  if (total <= 0) return null;
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const share = successes / total;
  const widening = (z * z) / total;
  const centre = (share + widening / 2) / (1 + widening);
  const half = (z * Math.sqrt((share * (1 - share)) / total + widening / total / 4)) / (1 + widening);
  return { lower: successes === 0 ? 0 : Math.max(0, centre - half), upper: successes === total ? 1 : Math.min(1, centre + half) };
}
