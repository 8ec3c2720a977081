import cdf from "@stdlib/stats-base-dists-t-cdf";
import quantile from "@stdlib/stats-base-dists-t-quantile";
import { normalCdf, normalQuantile } from "./normal.ts";

/**
 * Probability that Student's t with these degrees of freedom is at most x. An upper tail is `studentTCdf(-x, …)`, which keeps its
 * digits. With infinitely many degrees of freedom it is the normal distribution (@stdlib answers 0.5 there).
 */
export function studentTCdf(x: number, degreesOfFreedom: number): number {
  return degreesOfFreedom === Number.POSITIVE_INFINITY ? normalCdf(x) : cdf(x, degreesOfFreedom);
}

/** The x below which Student's t falls with the given probability. */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  return degreesOfFreedom === Number.POSITIVE_INFINITY ? normalQuantile(probability) : quantile(probability, degreesOfFreedom);
}
