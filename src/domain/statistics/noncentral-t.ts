import { exactSum } from "./exact-sum.ts";
import { logGamma, stirlingCorrection } from "./log-gamma.ts";
import { normalCdf } from "./normal.ts";

/**
 * Probability that a t statistic is at most x when the true effect lies `shift` standard errors away: what power is computed from.
 *
 * `P((Z + shift) / S <= x)` integrated over the logarithm of the estimated error S, where the trapezoid rule converges exponentially.
 * Own code: @stdlib has no noncentral t. Error about 1e-13 absolute. Reference: Johnson, Kotz and Balakrishnan 1995, chapter 31.
 */
export function noncentralTCdf(x: number, degreesOfFreedom: number, shift: number): number {
  return integrated(x, degreesOfFreedom, (ratio) => normalCdf(x * ratio - shift));
}

/** Probability that it is above x, with all its digits. */
export function noncentralTUpper(x: number, degreesOfFreedom: number, shift: number): number {
  return integrated(x, degreesOfFreedom, (ratio) => normalCdf(shift - x * ratio));
}

/** The mean over `sqrt(chi-square / df)` of f, which takes about 1/x to get from 0 to 1. */
function integrated(x: number, degreesOfFreedom: number, f: (ratio: number) => number): number {
  const half = degreesOfFreedom / 2;
  const spread = 1 / Math.sqrt(2 * degreesOfFreedom);
  const negligible = 45;
  const step = Math.min(spread / 6, 1 / (3 * Math.abs(x) + 1));
  const start = -Math.max(Math.sqrt(2 * negligible) * spread, negligible / degreesOfFreedom) * 1.5;
  const scale = Math.LN2 + logPower(half);
  const terms: number[] = [];
  for (let u = start; ; u += step) {
    const logDensity = scale - half * (Math.expm1(2 * u) - 2 * u);
    if (u > 0 && logDensity < -negligible) break;
    if (logDensity > -2 * negligible) terms.push(Math.exp(logDensity) * f(Math.exp(u)));
  }
  return exactSum(terms) * step;
}

/** `ln(h^h e^-h / Γ(h))`, without its large parts where h is large. */
function logPower(h: number): number {
  return h < 10 ? h * Math.log(h) - h - logGamma(h) : Math.log(h / (2 * Math.PI)) / 2 - stirlingCorrection(h);
}
