import { binomialCdf, binomialUpper } from "./binomial.ts";
import { clusteredMean, type MeanEstimate } from "./clustered-mean.ts";
import { normalQuantile } from "./normal.ts";
import type { Numbers } from "./numbers.ts";
import type { Interval } from "./t-interval.ts";

/**
 * The value that a share q of all values does not exceed.
 *
 * `observed`: the least value with at least a share q at or below it, so always one that was seen (a latency objective's).
 * `interpolated`: on the straight line between neighbours, as NumPy and spreadsheets do. NaN without a value.
 * Reference: Hyndman and Fan 1996, types 1 and 7; equals numpy.quantile(method="inverted_cdf") and its default.
 */
export function quantileOf(values: Numbers, q: number, kind: "observed" | "interpolated" = "observed"): number {
  return quantileOfSorted(new Float64Array(values).toSorted(), q, kind);
}

/** The same of values that are in order already. */
export function quantileOfSorted(sorted: Float64Array, q: number, kind: "observed" | "interpolated"): number {
  if (sorted.length === 0) return Number.NaN;
  if (kind === "observed") return sorted[Math.min(sorted.length, Math.max(1, Math.ceil(sorted.length * q - 1e-9))) - 1] ?? Number.NaN;
  const place = (sorted.length - 1) * q;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** Ranks from 1 of the order statistics that bound a quantile; null where even the last value is not sure enough. */
export type QuantileRanks = { readonly lower: number | null; readonly upper: number | null };

/**
 * Ranks of a quantile's interval (F6): the closest order statistics outside of which it lies with at most alpha/2 on either side.
 *
 * The number of values below a quantile is binomial, whatever their distribution. Assumes independent units.
 * Reference: Conover 1999, section 3.2; equals scipy.stats.quantile_test(…).confidence_interval.
 */
export function quantileRanks(units: number, q: number, confidence: number): QuantileRanks {
  const tail = (1 - confidence) / 2;
  const lower = lastWhere(units, (rank) => binomialCdf(rank - 1, units, q) <= tail);
  const below = lastWhere(units, (rank) => binomialUpper(rank - 1, units, q) > tail);
  return { lower: lower === 0 ? null : lower, upper: below === units ? null : below + 1 };
}

/** The same by the normal approximation, `n q ± z sqrt(n q (1 - q))`: not whole numbers, and not held to 1 and n. */
export function approximateQuantileRanks(units: number, q: number, confidence: number): Interval {
  const half = normalQuantile(1 - (1 - confidence) / 2) * Math.sqrt(units * q * (1 - q));
  return { lower: units * q - half, upper: units * q + half };
}

/** The interval of a quantile by order statistics, in the values' units; open (infinite) on a side where no value is sure enough. */
export function quantileInterval(values: Numbers, q: number, confidence: number): Interval {
  const sorted = new Float64Array(values).toSorted();
  const { lower, upper } = quantileRanks(sorted.length, q, confidence);
  return {
    lower: lower === null ? Number.NEGATIVE_INFINITY : (sorted[lower - 1] ?? Number.NaN),
    upper: upper === null ? Number.POSITIVE_INFINITY : (sorted[upper - 1] ?? Number.NaN),
  };
}

/**
 * A quantile with each unit's influence on it: `(q - [x <= Q]) / f`, f the density of values around Q, read off the values at the ranks
 * that bound it. Where these are one value, the quantile cannot move and the influence is 0. Reference: Bahadur 1966; Maritz and
 * Jarrett 1978.
 */
export function quantileInfluence(values: Numbers, q: number): { readonly value: number; readonly influences: Numbers } {
  const sorted = new Float64Array(values).toSorted();
  const n = sorted.length;
  const value = quantileOfSorted(sorted, q, "observed");
  const ranks = approximateQuantileRanks(n, q, 0.95);
  const low = Math.max(1, Math.floor(ranks.lower));
  const high = Math.min(n, Math.ceil(ranks.upper));
  const perShare = (((sorted[high - 1] ?? Number.NaN) - (sorted[low - 1] ?? Number.NaN)) * n) / (high - low);
  return { value, influences: values.map((x) => (high === low ? 0 : (q - (x <= value ? 1 : 0)) * perShare)) };
}

/**
 * Difference of the quantiles of paired arms (F6), candidate - baseline, with an error that knows they share their units.
 *
 * The clustered mean of the units' influences (F2). Assumes at least some 10 units beyond the quantile on its thinner side. Intervals
 * cover 95 to 97 %, where one for independent arms covers 99 %. Shapes: one value per unit and arm, in one order. Units: the metric's.
 */
export function pairedQuantileDifference(
  candidate: Numbers,
  baseline: Numbers,
  q: number,
  clusters: readonly string[] | null = null,
): MeanEstimate {
  const c = quantileInfluence(candidate, q);
  const b = quantileInfluence(baseline, q);
  const influences = c.influences.map((influence, unit) => influence - (b.influences[unit] ?? 0));
  return { ...clusteredMean(influences, clusters), mean: c.value - b.value };
}

/** The last rank from 1 to n at which a condition holds that stops holding at some rank; 0 when it never does. */
function lastWhere(units: number, holds: (rank: number) => boolean): number {
  let [yes, no] = [0, units + 1];
  while (no - yes > 1) {
    const middle = Math.floor((yes + no) / 2);
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}
