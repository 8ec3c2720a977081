import { gammaLower, gammaUpper } from "./incomplete-gamma.ts";
import { rootBetween } from "./root.ts";

/**
 * Probability that a chi-square variable with these degrees of freedom is at most x.
 *
 * Own code on the incomplete gamma: @stdlib's chisquare-cdf is off by 0.8 % at 20,000 degrees of freedom, its quantile by 2e-4 at
 * 2,000 (measured against test/golden/distributions.json). Reference: Abramowitz and Stegun 26.4.
 */
export function chiSquareCdf(x: number, degreesOfFreedom: number): number {
  return gammaLower(degreesOfFreedom / 2, x / 2);
}

/** Probability that it is above x: the p-value of a chi-square test, with all its digits. */
export function chiSquareUpper(x: number, degreesOfFreedom: number): number {
  return gammaUpper(degreesOfFreedom / 2, x / 2);
}

/** The x at or below which a chi-square variable falls with the given probability. */
export function chiSquareQuantile(probability: number, degreesOfFreedom: number): number {
  if (probability > 0.5) return chiSquareUpperQuantile(1 - probability, degreesOfFreedom);
  if (!(probability >= 0) || !(degreesOfFreedom > 0)) return Number.NaN;
  if (probability === 0) return 0;
  const target = Math.log(probability);
  return crossing(degreesOfFreedom, (x) => Math.log(chiSquareCdf(x, degreesOfFreedom)) - target);
}

/** The x above which it falls with the given probability: also for a probability such as 1e-200. */
export function chiSquareUpperQuantile(probability: number, degreesOfFreedom: number): number {
  if (probability > 0.5) return chiSquareQuantile(1 - probability, degreesOfFreedom);
  if (!(probability >= 0) || !(degreesOfFreedom > 0)) return Number.NaN;
  if (probability === 0) return Number.POSITIVE_INFINITY;
  const target = Math.log(probability);
  return crossing(degreesOfFreedom, (x) => target - Math.log(chiSquareUpper(x, degreesOfFreedom)));
}

/** Where a rising function of x crosses 0, looked for on the scale of ln x, outwards from the mean. */
function crossing(start: number, rising: (x: number) => number): number {
  const onLogScale = (u: number): number => rising(Math.exp(u));
  let low = Math.log(start);
  let high = low;
  for (let width = 0.5; onLogScale(low) > 0; width *= 2) low -= width;
  for (let width = 0.5; onLogScale(high) < 0; width *= 2) high += width;
  const root = low === high ? low : rootBetween(low, high, onLogScale);
  return Math.exp(root ?? Number.NaN);
}
