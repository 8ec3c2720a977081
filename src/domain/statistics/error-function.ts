import { normalCdf } from "./normal.ts";

/**
 * The error function: `2 / √π` times the integral of `e^-t²` from 0 to x.
 *
 * On @stdlib's normal distribution; near 0, where a difference from 1 has no digits left, by its series of positive terms.
 * Reference: Abramowitz and Stegun 7.1.6.
 */
export function erf(x: number): number {
  if (Math.abs(x) > 0.5) return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
  let term = 1;
  let sum = 1;
  for (let n = 1; term > 1e-17; n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * x * Math.exp(-x * x) * sum;
}

/** What the error function lacks to 1, with all its digits. */
export function erfc(x: number): number {
  return 2 * normalCdf(-x * Math.SQRT2);
}
