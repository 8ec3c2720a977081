import cdf from "@stdlib/stats-base-dists-beta-cdf";
import quantile from "@stdlib/stats-base-dists-beta-quantile";

/** Probability that a beta variable is at most x. The upper tail is `betaUpper`, which keeps its digits. */
export function betaCdf(x: number, alpha: number, beta: number): number {
  return cdf(x, alpha, beta);
}

/** Probability that it is above x, by the mirror image: 1 - X has the parameters swapped. */
export function betaUpper(x: number, alpha: number, beta: number): number {
  return cdf(1 - x, beta, alpha);
}

/** The x at or below which a beta variable falls with the given probability. */
export function betaQuantile(probability: number, alpha: number, beta: number): number {
  return quantile(probability, alpha, beta);
}
