import { normalQuantile } from "./normal.ts";

/**
 * Detectable effect (F14): how far beyond a threshold the truth must lie to be proven in this share of evaluations.
 *
 * `(z(1 - alpha/2) + z(power)) * standard error`; equally the smallest margin that equal quality meets with that power.
 * Assumes a normal estimate with this standard error. Units: the statistic's. Reference: Lachin 1981.
 */
export function detectableEffect(standardError: number, confidence: number, power = 0.8): number {
  return (normalQuantile(1 - (1 - confidence) / 2) + normalQuantile(power)) * standardError;
}
