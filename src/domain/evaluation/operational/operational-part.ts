import type { MeasuredPart } from "#domain/evaluation/measured-part.ts";
import { measurementConfidence } from "#domain/evaluation/measurements.ts";
import type { Difference, Estimate, Measurement, PreflightFinding } from "#domain/evaluation/report.ts";
import type { GateEstimate } from "#domain/gate/gate-estimate.ts";
import { clusteredMean } from "#domain/statistics/clustered-mean.ts";
import { hasNoVariance } from "#domain/statistics/paired-t.ts";
import { quantileOf } from "#domain/statistics/quantile.ts";
import { tInterval } from "#domain/statistics/t-interval.ts";
import { meanOf } from "#domain/statistics/variance.ts";
import { interleaved } from "./interleaving.ts";
import type { OperationalMetric } from "./operational-metric.ts";
import { operationalFamilies } from "./operational-metrics.ts";
import { type ArmRequests, fewestRequests } from "./requests.ts";

export type OperationalInput = {
  readonly metrics: readonly OperationalMetric[];
  readonly dataset: string;
  /** null: there was nothing to read. */
  readonly candidate: ArmRequests | null;
  readonly baseline: ArmRequests | null;
  /** Whether there is a version to compare with, and why its numbers are not there. */
  readonly noBaseline: string;
  /** Why the candidate has no numbers. */
  readonly noCandidate: string;
  /** Where the numbers are from, for the report. */
  readonly source: string;
  readonly findings: readonly PreflightFinding[];
};

/** One metric's numbers: what each arm has, and what their comparison rests on. */
type Found = {
  readonly metric: OperationalMetric;
  readonly candidate: ArmValue;
  readonly baseline: ArmValue | null;
  /** Per pair of blocks, log(candidate / baseline); a text when there is none, saying why. */
  readonly logRatios: readonly number[] | { readonly reason: string; readonly why: string };
};

type ArmValue =
  | { readonly kind: "requests"; readonly value: number; readonly requests: number; readonly enough: boolean }
  | { readonly kind: "fact"; readonly value: number }
  | { readonly kind: "none"; readonly reason: string };

/**
 * Latencies, sizes and costs as a part of a report. An arm's value is a census: of these requests on this machine it is the number, so
 * bounds compare the value. Arms are compared by the ratio of their values in blocks that took turns, or, where both are facts, exactly.
 */
export function operationalPart(input: OperationalInput): MeasuredPart {
  const found = input.metrics.map((metric) => findingOf(metric, input));
  const measurements = found.map((each) => measurement(each, input));
  return {
    preflight: [...input.findings, ...found.flatMap((each) => notComparable(each, input)), ...unnamedMachine(found, input)],
    measurements,
    source: (asked, { of, better }, confidence) => {
      const each = found[measurements.indexOf(asked)];
      if (each === undefined) return null;
      const { candidate, baseline, logRatios } = each;
      if (of.kind === "candidate") return withoutFreedom(armEstimate(candidate));
      if (of.kind === "log-ratio") return "reason" in logRatios ? null : ratioEstimate(logRatios, confidence);
      if (candidate.kind !== "fact" || baseline?.kind !== "fact") return null;
      const value = of.kind === "difference" ? candidate.value - baseline.value : candidate.value - of.factor * baseline.value;
      return exactly(of.kind === "relative" && better === "lower" ? 0 - value : value);
    },
  };
}

function findingOf(metric: OperationalMetric, { candidate, baseline, noCandidate, noBaseline }: OperationalInput): Found {
  const own: ArmValue = candidate === null ? { kind: "none", reason: noCandidate } : valueOf(metric, candidate);
  const other = baseline === null ? null : valueOf(metric, baseline);
  if (candidate === null || baseline === null)
    return { metric, candidate: own, baseline: other, logRatios: { reason: noBaseline, why: "" } };
  return { metric, candidate: own, baseline: other, logRatios: logRatiosOf(metric, candidate, baseline) };
}

function valueOf({ measure }: OperationalMetric, arm: ArmRequests): ArmValue {
  const none: ArmValue = { kind: "none", reason: "not-in-the-files" };
  switch (measure.kind) {
    case "latency": {
      if (arm.latency === null) return none;
      const requests = arm.latency.length;
      return { kind: "requests", value: quantileOf(arm.latency, measure.q), requests, enough: requests >= fewestRequests(measure.q) };
    }
    case "cost":
      if (arm.costPer1k !== null) return { kind: "fact", value: arm.costPer1k };
      if (arm.cost === null) return none;
      return { kind: "requests", value: 1000 * meanOf(arm.cost), requests: arm.cost.length, enough: arm.cost.length >= 30 };
    case "size":
      return arm.sizeBytes === null ? none : { kind: "fact", value: arm.sizeBytes / measure.bytes };
  }
}

function logRatiosOf({ measure }: OperationalMetric, candidate: ArmRequests, baseline: ArmRequests): Found["logRatios"] {
  if (measure.kind === "size") return { reason: "compared-exactly", why: "" };
  const [own, other] = [candidate[measure.kind], baseline[measure.kind]];
  if (measure.kind === "cost" && candidate.costPer1k !== null) return { reason: "compared-exactly", why: "" };
  if (own === null) return { reason: "not-in-the-files", why: "" };
  if (other === null) return { reason: "not-interleaved", why: "there are no requests of the baseline" };
  const fewest = measure.kind === "latency" ? fewestRequests(measure.q) : 30;
  const blocks = interleaved({ values: own, arm: candidate }, { values: other, arm: baseline }, fewest);
  if (blocks.kind === "not-interleaved") return { reason: blocks.kind, why: blocks.why };
  const statistic = (values: readonly number[]): number => (measure.kind === "latency" ? quantileOf(values, measure.q) : meanOf(values));
  const ratios = blocks.pairs.map((pair) => Math.log(statistic(pair.candidate) / statistic(pair.baseline)));
  if (!ratios.every(Number.isFinite)) return { reason: "not-interleaved", why: "a block's value is 0, so it has no ratio" };
  return ratios;
}

function measurement({ metric, candidate, baseline, logRatios }: Found, input: OperationalInput): Measurement {
  const { dataset, source, noBaseline } = input;
  const family = operationalFamilies.find((known) => known.family === metric.family);
  const machines = input.candidate?.machines ?? [];
  const compared = !("reason" in logRatios);
  const requests = candidate.kind === "requests" ? candidate.requests : candidate.kind === "fact" ? 1 : 0;
  const difference = differenceOf(candidate, baseline);
  const why = {
    ...(baseline === null && { baseline: noBaseline }),
    ...(difference === null && { difference: baseline === null ? noBaseline : reasonOf(candidate, baseline) }),
    ...("reason" in logRatios && logRatios.reason !== "compared-exactly" && { logRatio: logRatios.reason }),
  };
  return {
    metric: metric.name,
    slice: null,
    dataset,
    better: "lower",
    convention: { ...family?.convention, source, machine: machines.length === 0 ? "not named" : machines.join(", ") },
    unit: family?.valueOf ?? "request",
    cluster: compared ? "block" : (family?.valueOf ?? "request"),
    units: requests,
    clusters: compared ? logRatios.length : requests,
    excluded: {},
    missing: { baseline: 0, candidate: 0 },
    baseline: baseline === null ? null : armEstimate(baseline),
    candidate: armEstimate(candidate),
    difference,
    ...(compared && {
      logRatio: {
        ...ratioEstimate(logRatios, measurementConfidence),
        confidence: measurementConfidence,
        method: "mean-log-ratio-of-blocks",
      },
    }),
    ...(Object.keys(why).length > 0 && { why }),
  };
}

/** A value without an interval, and why it has none. */
function armEstimate(arm: ArmValue): Estimate {
  const without = (value: number | null, reason: string): Estimate => ({
    value,
    standardError: null,
    lower: null,
    upper: null,
    why: { ...(value === null && { value: reason }), standardError: reason, lower: reason, upper: reason },
  });
  switch (arm.kind) {
    case "none":
      return without(null, arm.reason);
    case "fact":
      return without(arm.value, "fact");
    case "requests":
      return without(arm.value, arm.enough ? "census" : "too-few-requests");
  }
}

/** What is no sample has no degrees of freedom, for the reason that it has no standard error. */
function withoutFreedom({ why = {}, ...estimate }: Estimate): GateEstimate {
  return { ...estimate, degreesOfFreedom: null, why: { ...why, degreesOfFreedom: why["standardError"] ?? "census" } };
}

/** In the metric's own units. Facts differ by exactly this; of requests it is no comparison, which {@link Measurement.logRatio} is. */
function differenceOf(candidate: ArmValue, baseline: ArmValue | null): Difference | null {
  if (baseline === null || baseline.kind === "none" || candidate.kind === "none") return null;
  const value = candidate.value - baseline.value;
  if (candidate.kind === "fact" && baseline.kind === "fact")
    return { ...exactly(value), confidence: measurementConfidence, method: "exact" };
  const reason = "compared-by-ratio";
  const why = { standardError: reason, degreesOfFreedom: reason, lower: reason, upper: reason };
  return {
    value,
    standardError: null,
    lower: null,
    upper: null,
    confidence: measurementConfidence,
    degreesOfFreedom: null,
    method: "census",
    why,
  };
}

function reasonOf(candidate: ArmValue, baseline: ArmValue): string {
  return candidate.kind === "none" ? candidate.reason : baseline.kind === "none" ? baseline.reason : "no-units";
}

function exactly(value: number): GateEstimate {
  return {
    value,
    standardError: null,
    degreesOfFreedom: null,
    lower: value,
    upper: value,
    why: { standardError: "fact", degreesOfFreedom: "fact" },
  };
}

/** The mean over pairs of blocks of log(candidate / baseline), the pair being the unit (F1). */
function ratioEstimate(logRatios: readonly number[], confidence: number): GateEstimate {
  const { mean: value, standardError, degreesOfFreedom } = clusteredMean(logRatios);
  if (standardError !== null && standardError > 0 && !hasNoVariance(logRatios)) {
    const { lower, upper } = tInterval(value, standardError, degreesOfFreedom, confidence);
    return { value, standardError, degreesOfFreedom, lower, upper };
  }
  const reason = value === 0 ? "no-unit-differs" : "constant-difference";
  const why = { standardError: reason, degreesOfFreedom: reason, lower: reason, upper: reason };
  return { value, standardError: null, degreesOfFreedom: null, lower: null, upper: null, why };
}

function notComparable({ metric, logRatios }: Found, { source }: OperationalInput): readonly PreflightFinding[] {
  if (!("reason" in logRatios) || logRatios.reason !== "not-interleaved") return [];
  const message = `${metric.name} of the two arms cannot be compared: ${logRatios.why}. Run both arms in one job, in at least 30 blocks that take turns, and write evaluation.benchmark.`;
  return [{ code: "not-interleaved", verdict: source === "benchmark" ? "inconclusive" : "pass", message }];
}

function unnamedMachine(found: readonly Found[], { candidate }: OperationalInput): readonly PreflightFinding[] {
  const timed = found.filter(({ metric, candidate: own }) => metric.measure.kind === "latency" && own.kind === "requests");
  if (timed.length === 0 || (candidate?.machines.length ?? 0) > 0) return [];
  const message = `${timed.map(({ metric }) => metric.name).join(", ")}: the machine is not named, and a latency is one of a machine. Add a column "machine" to the benchmark.`;
  return [{ code: "machine-not-named", verdict: "inconclusive", message }];
}
