import { clusteredMean } from "#domain/statistics/clustered-mean.ts";
import { hasNoVariance } from "#domain/statistics/paired-t.ts";
import { tInterval } from "#domain/statistics/t-interval.ts";
import { zeroDifferenceHalfWidth } from "#domain/statistics/zero-difference.ts";
import type { Metric } from "./metric.ts";
import type { Sample } from "./sample.ts";

/** A mean with its interval; what is undefined is null, and `why` says why, field by field. */
export type Estimated = {
  readonly value: number | null;
  readonly standardError: number | null;
  readonly degreesOfFreedom: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly method: "paired-t" | "clustered-paired-t" | "no-variance" | "census";
  readonly why?: Readonly<Record<string, string>> | undefined;
};

type Units = Pick<Sample, "clusters" | "weights">;

/** The mean of one arm's values. Values that are all the same get the exact interval of "not one unit differs", within the metric's range. */
export function estimateArm(values: readonly number[], units: Units, metric: Metric, confidence: number): Estimated {
  const plain = estimateMean(values, units, confidence);
  if (plain.why !== undefined || plain.value === null || !hasNoVariance(values)) return plain;
  const half = noDifferenceHalfWidth(values.length, metric, confidence);
  if (half === null) return withoutVariance(plain.value, null, "no-variance");
  const { min, max } = metric.range;
  const lower = Math.max(min ?? Number.NEGATIVE_INFINITY, plain.value - half);
  const upper = Math.min(max ?? Number.POSITIVE_INFINITY, plain.value + half);
  return withoutVariance(plain.value, { lower, upper }, "no-variance");
}

/**
 * The mean of a per-unit comparison of both arms. `differences` are candidate - baseline of the same units: when none differs, the
 * interval is the exact one for that, and when all differ by one same amount there is none, for that is no sampling variation.
 */
export function estimateComparison(
  values: readonly number[],
  differences: readonly number[],
  units: Units,
  metric: Metric,
  confidence: number,
): Estimated {
  const plain = estimateMean(values, units, confidence);
  if (plain.why !== undefined || plain.value === null) return plain;
  if (differences.every((difference) => difference === 0)) {
    const half = noDifferenceHalfWidth(values.length, metric, confidence);
    if (half === null) return withoutVariance(plain.value, null, "no-unit-differs");
    const interval = { lower: (plain.lower ?? plain.value) - half, upper: (plain.upper ?? plain.value) + half };
    return withoutVariance(plain.value, interval, "no-unit-differs");
  }
  if (hasNoVariance(values) || plain.standardError === 0) return withoutVariance(plain.value, null, "constant-difference");
  return plain;
}

/** The value of a corpus metric: it describes these very units, so there is no interval. */
export function estimateCensus(value: number | null): Estimated {
  return undefinedEstimate(value, "census", value === null ? "no-units" : "census");
}

function estimateMean(values: readonly number[], { clusters, weights }: Units, confidence: number): Estimated {
  const method = clusters === null && weights === null ? "paired-t" : "clustered-paired-t";
  if (values.length === 0) return undefinedEstimate(null, method, "no-units");
  const { mean, standardError, degreesOfFreedom } = clusteredMean(values, clusters, weights);
  if (standardError === null) return undefinedEstimate(mean, method, "one-cluster");
  return { value: mean, standardError, degreesOfFreedom, ...tInterval(mean, standardError, degreesOfFreedom, confidence), method };
}

function undefinedEstimate(value: number | null, method: Estimated["method"], reason: string): Estimated {
  const why = { ...(value === null && { value: reason }), standardError: reason, degreesOfFreedom: reason, lower: reason, upper: reason };
  return { value, standardError: null, degreesOfFreedom: null, lower: null, upper: null, method, why };
}

function withoutVariance(value: number, interval: { lower: number; upper: number } | null, reason: string): Estimated {
  const why = { standardError: reason, degreesOfFreedom: reason, ...(interval === null && { lower: reason, upper: reason }) };
  const { lower, upper } = interval ?? { lower: null, upper: null };
  return { value, standardError: null, degreesOfFreedom: null, lower, upper, method: "no-variance", why };
}

function noDifferenceHalfWidth(units: number, { range }: Metric, confidence: number): number | null {
  return range.min === null || range.max === null ? null : zeroDifferenceHalfWidth(units, range.max - range.min, confidence);
}
