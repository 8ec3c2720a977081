import { betaCdf, betaQuantile } from "./beta.ts";

/**
 * Probability that an F variable, the ratio of two mean squares, is at most x.
 *
 * By @stdlib's beta distribution: its f-cdf is off by 8e-6 at x = 5e-9 with 2 and 892 degrees of freedom, its quantile likewise.
 * Reference: Abramowitz and Stegun 26.6.2.
 */
export function fCdf(x: number, numeratorDegrees: number, denominatorDegrees: number): number {
  if (x <= 0) return 0;
  const share = (numeratorDegrees * x) / (denominatorDegrees + numeratorDegrees * x);
  return betaCdf(share, numeratorDegrees / 2, denominatorDegrees / 2);
}

/** Probability that it is above x, with all its digits: a beta variable's lower tail. */
export function fUpper(x: number, numeratorDegrees: number, denominatorDegrees: number): number {
  if (x <= 0) return 1;
  return betaCdf(denominatorDegrees / (denominatorDegrees + numeratorDegrees * x), denominatorDegrees / 2, numeratorDegrees / 2);
}

/** The x at or below which an F variable falls with the given probability. */
export function fQuantile(probability: number, numeratorDegrees: number, denominatorDegrees: number): number {
  const share = betaQuantile(probability, numeratorDegrees / 2, denominatorDegrees / 2);
  const rest = share < 0.5 ? 1 - share : betaQuantile(1 - probability, denominatorDegrees / 2, numeratorDegrees / 2);
  return (denominatorDegrees * share) / (numeratorDegrees * rest);
}
