import mass from "@stdlib/stats-base-dists-poisson-pmf";
import { gammaLower, gammaUpper } from "./incomplete-gamma.ts";

/**
 * Probability that a Poisson count is at most k.
 *
 * On the incomplete gamma, for the fault named there. Reference: Abramowitz and Stegun 26.4.21.
 */
export function poissonCdf(k: number, mean: number): number {
  if (k < 0) return 0;
  return gammaUpper(Math.floor(k) + 1, mean);
}

/** Probability that it is above k, with all its digits. */
export function poissonUpper(k: number, mean: number): number {
  if (k < 0) return 1;
  return gammaLower(Math.floor(k) + 1, mean);
}

/** Probability that it is k. */
export function poissonProbability(k: number, mean: number): number {
  return mass(k, mean);
}
