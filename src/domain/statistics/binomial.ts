import cdf from "@stdlib/stats-base-dists-binomial-cdf";
import mass from "@stdlib/stats-base-dists-binomial-pmf";
import { betaCdf } from "./beta.ts";

/** Probability of at most k successes in n independent trials. */
export function binomialCdf(k: number, trials: number, share: number): number {
  return cdf(k, trials, share);
}

/** Probability of more than k successes, with all its digits: a beta variable's lower tail. */
export function binomialUpper(k: number, trials: number, share: number): number {
  if (k < 0) return 1;
  if (k >= trials) return 0;
  return betaCdf(share, Math.floor(k) + 1, trials - Math.floor(k));
}

/** Probability of exactly k successes. */
export function binomialProbability(k: number, trials: number, share: number): number {
  return mass(k, trials, share);
}
