import { normalCdf, normalQuantile } from "./normal.ts";
import { rootBetween } from "./root.ts";
import type { Interval } from "./t-interval.ts";
import { wilsonInterval } from "./wilson.ts";

/** Successes among a number of independent events. */
export type Count = { readonly successes: number; readonly total: number };

/**
 * Newcombe's interval for a difference of two shares: Wilson's two intervals, joined by Pythagoras. The default.
 *
 * Assumes that the arms have different, independent events; shares of the same units are differences for `clusteredMean`. Null without
 * events in an arm. Units: a difference of shares, candidate - baseline. Reference: Newcombe 1998, method 10; equals statsmodels
 * confint_proportions_2indep(method="newcomb").
 */
export function newcombeInterval(candidate: Count, baseline: Count, confidence = 0.95): Interval | null {
  const c = wilsonInterval(candidate.successes, candidate.total, confidence);
  const b = wilsonInterval(baseline.successes, baseline.total, confidence);
  if (c === null || b === null) return null;
  const [shareC, shareB] = [shareOf(candidate), shareOf(baseline)];
  const difference = shareC - shareB;
  return {
    lower: difference - Math.hypot(shareC - c.lower, b.upper - shareB),
    upper: difference + Math.hypot(c.upper - shareC, shareB - b.lower),
  };
}

/** Wald's interval of the difference: for comparison only, as it has no width when all fail or succeed. */
export function waldDifferenceInterval(candidate: Count, baseline: Count, confidence = 0.95): Interval {
  const difference = shareOf(candidate) - shareOf(baseline);
  const half = normalQuantile(1 - (1 - confidence) / 2) * Math.sqrt(varianceOfShare(candidate) + varianceOfShare(baseline));
  return { lower: difference - half, upper: difference + half };
}

/** Agresti and Caffo's: Wald's after one more success and failure in each arm. Reference: Agresti and Caffo 2000. */
export function agrestiCaffoInterval(candidate: Count, baseline: Count, confidence = 0.95): Interval {
  return waldDifferenceInterval(withOneMoreOfEach(candidate), withOneMoreOfEach(baseline), confidence);
}

/**
 * Miettinen and Nurminen's score interval: the differences that a score test does not reject.
 *
 * Null when all events succeed, or all fail. statsmodels 0.15 has the baseline's successes where the cubic has its total, which moves a
 * limit by up to 1e-4: its convention is there to reproduce its number. Reference: Miettinen and Nurminen 1985; equals statsmodels
 * confint_proportions_2indep(method="score").
 */
export function scoreDifferenceInterval(
  candidate: Count,
  baseline: Count,
  confidence = 0.95,
  convention: "published" | "statsmodels" = "published",
): Interval | null {
  const together = candidate.successes + baseline.successes;
  if (together === 0 || together === candidate.total + baseline.total) return null;
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const difference = shareOf(candidate) - shareOf(baseline);
  const away = (sign: number) => (delta: number) => {
    if (delta === difference) return -z;
    const error = Math.sqrt(restrictedVariance(candidate, baseline, delta, convention));
    return error === 0 ? Number.MAX_VALUE : (sign * (delta - difference)) / error - z;
  };
  const lower = rootBetween(-1, difference, away(-1));
  const upper = rootBetween(difference, 1, away(1));
  return { lower: lower ?? -1, upper: upper ?? 1 };
}

/** Two-sided p of the score test that the two shares are equal (with the pooled share); null when it has no variance. */
export function pooledZ(candidate: Count, baseline: Count): { readonly z: number; readonly p: number } | null {
  const pooled = (candidate.successes + baseline.successes) / (candidate.total + baseline.total);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / candidate.total + 1 / baseline.total));
  if (!(error > 0)) return null;
  const z = (shareOf(candidate) - shareOf(baseline)) / error;
  return { z, p: 2 * normalCdf(-Math.abs(z)) };
}

/** Variance of the difference at the likeliest shares that differ by delta: the root of a cubic, in closed form. */
function restrictedVariance(candidate: Count, baseline: Count, delta: number, convention: "published" | "statsmodels"): number {
  const total = candidate.total + baseline.total;
  const l2 = (candidate.total + 2 * baseline.total) * delta - total - (candidate.successes + baseline.successes);
  const factor = convention === "published" ? baseline.total : baseline.successes;
  const l1 = (factor * delta - total - 2 * baseline.successes) * delta + candidate.successes + baseline.successes;
  const l0 = baseline.successes * delta * (1 - delta);
  const q = (l2 / (3 * total)) ** 3 - (l1 * l2) / (6 * total * total) + l0 / (2 * total);
  const p = Math.sign(q) * Math.sqrt(Math.max(0, (l2 / (3 * total)) ** 2 - l1 / (3 * total)));
  const angle = p === 0 ? Math.PI / 2 : (Math.PI + Math.acos(Math.min(1, Math.max(-1, q / p ** 3)))) / 3;
  const shareB = Math.min(1, Math.max(0, 2 * p * Math.cos(angle) - l2 / (3 * total)));
  const shareC = Math.min(1, Math.max(0, shareB + delta));
  const variance = (shareC * (1 - shareC)) / candidate.total + (shareB * (1 - shareB)) / baseline.total;
  return (variance * total) / (total - 1);
}

function shareOf({ successes, total }: Count): number {
  return successes / total;
}

function varianceOfShare(count: Count): number {
  return (shareOf(count) * (1 - shareOf(count))) / count.total;
}

function withOneMoreOfEach({ successes, total }: Count): Count {
  return { successes: successes + 1, total: total + 2 };
}
