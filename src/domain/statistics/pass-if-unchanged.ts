import { normalCdf, normalQuantile } from "./normal.ts";

/**
 * The chance that a candidate of equal quality passes a gate (F14): `Phi(slack / standard error - z(1 - alpha/2))`, where slack is how
 * far equal quality lies inside the threshold (the margin, for "no worse than").
 *
 * Assumes a normal estimate with this standard error. With an upper slack too (a range), both limits must hold.
 */
export function passIfUnchanged(slack: number, standardError: number, confidence: number, upperSlack?: number): number {
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const above = normalCdf(slack / standardError - z);
  return upperSlack === undefined ? above : Math.max(0, above + normalCdf(upperSlack / standardError - z) - 1);
}
