import { noncentralTCdf, noncentralTUpper } from "./noncentral-t.ts";
import { normalCdf, normalQuantile } from "./normal.ts";
import { rootBetween } from "./root.ts";
import { studentTQuantile } from "./student-t.ts";

/** How an effect is tested: towards one side, or both. */
export type Sides = "one-sided" | "two-sided";

/**
 * Power of a paired t test: the chance to see a true effect, its size given in standard deviations of the differences.
 *
 * Exact under normal differences, by the noncentral t. Assumes independent units. Units may be fractional, for solving.
 * Reference: Cohen 1988; equals statsmodels TTestPower.
 */
export function pairedTPower(effectOverSd: number, units: number, alpha: number, sides: Sides = "two-sided"): number {
  return tPower(effectOverSd * Math.sqrt(units), units - 1, alpha, sides);
}

/**
 * Power of a t test of two groups of different units, the second `ratio` times the first. Reference: Cohen 1988; equals statsmodels
 * TTestIndPower.
 */
export function twoSampleTPower(effectOverSd: number, firstUnits: number, alpha: number, ratio = 1, sides: Sides = "two-sided"): number {
  const shift = effectOverSd / Math.sqrt(1 / firstUnits + 1 / (firstUnits * ratio));
  return tPower(shift, firstUnits * (1 + ratio) - 2, alpha, sides);
}

/** Power of a two-sided normal test of one group's mean. Reference: Lachin 1981; equals statsmodels normal_power. */
export function normalPower(effectOverSd: number, units: number, alpha: number): number {
  const z = normalQuantile(1 - alpha / 2);
  const shift = effectOverSd * Math.sqrt(units);
  return normalCdf(shift - z) + normalCdf(-shift - z);
}

/**
 * The number of units, not rounded up, at which a power that grows with them reaches its goal; null when it does not from 2 to 10¹².
 *
 * Units: whatever `powerAt` takes. Reference: as statsmodels solve_power.
 */
export function unitsForPower(goal: number, powerAt: (units: number) => number): number | null {
  const [fewest, most] = [Math.log(2 + 1e-6), Math.log(1e12)];
  let high = fewest;
  while (high < most && powerAt(Math.exp(high)) < goal) high = Math.min(most, high + 1);
  const root = rootBetween(Math.max(fewest, high - 1), high, (logUnits) => powerAt(Math.exp(logUnits)) - goal);
  return root === null ? null : Math.exp(root);
}

/** Cohen's h: how far two shares lie apart where their variance is the same everywhere. Reference: Cohen 1988. */
export function cohenH(candidate: number, baseline: number): number {
  return 2 * Math.asin(Math.sqrt(candidate)) - 2 * Math.asin(Math.sqrt(baseline));
}

/** Units an arm for a two-sided test of two shares: by Cohen's h, and by the variances of the two shares themselves. */
export function unitsForShares(
  candidate: number,
  baseline: number,
  power: number,
  alpha: number,
): { readonly arcsine: number; readonly unpooled: number } {
  const z = normalQuantile(1 - alpha / 2) + normalQuantile(power);
  const variance = candidate * (1 - candidate) + baseline * (1 - baseline);
  return { arcsine: 2 * (z / cohenH(candidate, baseline)) ** 2, unpooled: (z * z * variance) / (candidate - baseline) ** 2 };
}

function tPower(shift: number, degreesOfFreedom: number, alpha: number, sides: Sides): number {
  const critical = studentTQuantile(1 - alpha / (sides === "two-sided" ? 2 : 1), degreesOfFreedom);
  const towards = noncentralTUpper(critical, degreesOfFreedom, shift);
  return sides === "two-sided" ? towards + noncentralTCdf(-critical, degreesOfFreedom, shift) : towards;
}
