import { betaQuantile } from "./beta.ts";
import { normalQuantile } from "./normal.ts";
import type { Interval } from "./t-interval.ts";

/** An interval of a share: `successes` of `total` at a two-sided confidence, as shares from 0 to 1; null without an event. */
export type ProportionInterval = (successes: number, total: number, confidence?: number) => Interval | null;

/**
 * Clopper and Pearson's interval: never covers less often than it says, and mostly more often.
 *
 * The shares under which seeing as few, or as many, has probability alpha/2: quantiles of beta distributions. Assumes independent events.
 * Reference: Clopper and Pearson 1934; equals statsmodels proportion_confint(method="beta").
 */
export const clopperPearsonInterval: ProportionInterval = (successes, total, confidence = 0.95) => {
  if (total <= 0) return null;
  const tail = (1 - confidence) / 2;
  return {
    lower: successes === 0 ? 0 : betaQuantile(tail, successes, total - successes + 1),
    upper: successes === total ? 1 : betaQuantile(1 - tail, successes + 1, total - successes),
  };
};

/** Jeffreys' interval: the middle of the posterior under his prior, beta(1/2, 1/2). Reference: Brown, Cai and DasGupta 2001. */
export const jeffreysInterval: ProportionInterval = (successes, total, confidence = 0.95) => {
  if (total <= 0) return null;
  const tail = (1 - confidence) / 2;
  const [alpha, beta] = [successes + 0.5, total - successes + 0.5];
  return { lower: betaQuantile(tail, alpha, beta), upper: betaQuantile(1 - tail, alpha, beta) };
};

/** Wald's interval, the textbook's `p ± z sqrt(p (1 - p) / n)`: for comparison only, as it has no width at 0 and 1. */
export const waldInterval: ProportionInterval = (successes, total, confidence = 0.95) => {
  if (total <= 0) return null;
  return around(successes / total, total, normalQuantile(1 - (1 - confidence) / 2));
};

/** Agresti and Coull's interval: Wald's after adding z²/2 successes and as many failures. Reference: Agresti and Coull 1998. */
export const agrestiCoullInterval: ProportionInterval = (successes, total, confidence = 0.95) => {
  if (total <= 0) return null;
  const z = normalQuantile(1 - (1 - confidence) / 2);
  return around((successes + (z * z) / 2) / (total + z * z), total + z * z, z);
};

/**
 * Wilson's interval with a continuity correction: closer to Clopper and Pearson's. Reference: Newcombe 1998, method 4; equals
 * scipy binomtest(…).proportion_ci(method="wilsoncc").
 */
export const correctedWilsonInterval: ProportionInterval = (successes, total, confidence = 0.95) => {
  if (total <= 0) return null;
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const share = successes / total;
  const centre = 2 * successes + z * z;
  const half = (sign: number): number => 1 + z * Math.sqrt(z * z - sign * 2 - 1 / total + 4 * share * (total * (1 - share) + sign));
  const scale = 2 * (total + z * z);
  return {
    lower: successes === 0 ? 0 : Math.max(0, (centre - half(1)) / scale),
    upper: successes === total ? 1 : Math.min(1, (centre + half(-1)) / scale),
  };
};

function around(share: number, total: number, z: number): Interval {
  const half = z * Math.sqrt((share * (1 - share)) / total);
  return { lower: Math.max(0, share - half), upper: Math.min(1, share + half) };
}
