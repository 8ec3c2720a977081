import type { Report } from "#domain/evaluation/report.ts";
import { normalQuantile } from "#domain/statistics/normal.ts";
import { studentTQuantile } from "#domain/statistics/student-t.ts";
import { tInterval } from "#domain/statistics/t-interval.ts";
import type { Gate } from "./gate.ts";
import { type EstimateSource, estimatesFromReport, type GateEstimate } from "./gate-estimate.ts";
import { type JudgedGates, judgeGates } from "./judge-gates.ts";

/**
 * A report judged as if each of `looks` candidates had been tested (Bonferroni): every gate at confidence `1 - (1 - confidence) / looks`,
 * so that the chance of one false pass among all of them stays what it is for one. Conservative, for candidates of one pull request resemble
 * each other. Reference: Dunn 1961.
 */
export function judgeForLooks(report: Report, gates: readonly Gate[], looks: number): JudgedGates {
  const stricter = gates.map((gate) => ({ ...gate, confidence: confidenceFor(gate.confidence, looks) }));
  return judgeGates({ ...report, firstVersion: report.baseline === null }, stricter, atHigherConfidence(report, gates, looks));
}

function confidenceFor(confidence: number, looks: number): number {
  return 1 - (1 - confidence) / looks;
}

/** Finds what the report holds at the gate's own confidence, and widens its interval. */
function atHigherConfidence(report: Report, gates: readonly Gate[], looks: number): EstimateSource {
  const recorded = estimatesFromReport(report);
  const own = new Map(gates.map((gate) => [confidenceFor(gate.confidence, looks), gate.confidence]));
  return (measurement, statistic, confidence) => {
    const from = own.get(confidence) ?? confidence;
    const held = recorded(measurement, statistic, from);
    return held === null ? null : widened(held, from, confidence);
  };
}

/**
 * The interval at a higher confidence. `value ± t · standard error` is computed anew. Another shape keeps it, each side growing as a
 * normal interval would (percentiles of a bootstrap), or, where nothing varies, by `ln(alpha'/2) / ln(alpha/2)`: that is at least what the exact
 * half-width `range · (1 - (alpha/2)^(1/n))` grows by. What has no interval, a census too, gets none.
 */
export function widened(estimate: GateEstimate, from: number, to: number): GateEstimate {
  const { value, standardError, degreesOfFreedom, lower, upper } = estimate;
  if (value === null || lower === null || upper === null || from === to) return estimate;
  if (standardError === null) return grown(estimate, value, lower, upper, Math.log((1 - to) / 2) / Math.log((1 - from) / 2));
  const freedom = degreesOfFreedom ?? Number.POSITIVE_INFINITY;
  const half = studentTQuantile(1 - (1 - from) / 2, freedom) * standardError;
  const isT = [value - lower, upper - value].every((side) => Math.abs(side - half) <= 1e-6 * half);
  if (isT) return { ...estimate, ...tInterval(value, standardError, freedom, to) };
  return grown(estimate, value, lower, upper, normalQuantile(1 - (1 - to) / 2) / normalQuantile(1 - (1 - from) / 2));
}

function grown(estimate: GateEstimate, value: number, lower: number, upper: number, factor: number): GateEstimate {
  return { ...estimate, lower: value - factor * (value - lower), upper: value + factor * (upper - value) };
}
