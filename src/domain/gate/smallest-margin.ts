import type { JudgedGate, Measurement } from "#domain/evaluation/report.ts";
import { formatNumber } from "./format-number.ts";
import { sameSlice } from "./slice.ts";
import { logRatioText } from "./statistic.ts";

/**
 * How a "no worse than", "at least" or "at most" gate would be written so that equal quality meets it in 80 % of evaluations (F14: the
 * margin is what is detectable on the gate's own statistic). Null for other rules, and where that is undefined.
 */
export function smallestMargin(
  { rule, statistic, detectable, metric, dataset, slice }: JudgedGate,
  measurements: readonly Measurement[],
): string | null {
  if (detectable === null) return null;
  const level = measurements.find((known) => known.metric === metric && known.dataset === dataset && sameSlice(known.slice, slice))
    ?.baseline?.value;
  if (rule.startsWith("no worse than")) {
    if (statistic === logRatioText) return `${roundedUp(100 * Math.expm1(detectable))}%`;
    const asShare = rule.endsWith("%") && level !== null && level !== undefined && level !== 0;
    return asShare ? `${roundedUp((100 * detectable) / Math.abs(level))}%` : roundedUp(detectable);
  }
  if (level === null || level === undefined) return null;
  if (rule.startsWith("at least")) return roundedTo(level - detectable, detectable, Math.floor);
  return rule.startsWith("at most") ? roundedTo(level + detectable, detectable, Math.ceil) : null;
}

/** Two digits, never below the value, so that the named margin is enough. */
export function roundedUp(value: number): string {
  return roundedTo(value, value, Math.ceil);
}

/** To two digits of the size, and to the side that asks for less. */
function roundedTo(value: number, size: number, side: (value: number) => number): string {
  const exponent = Math.floor(Math.log10(size)) - 1;
  // Powers of ten below 1 are inexact; dividing by their inverse is not.
  const rounded = exponent < 0 ? side(value * 10 ** -exponent) / 10 ** -exponent : side(value / 10 ** exponent) * 10 ** exponent;
  return formatNumber(rounded);
}
