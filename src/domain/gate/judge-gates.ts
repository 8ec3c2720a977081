import type { JudgedGate, Measurement, PreflightFinding, Report } from "#domain/evaluation/report.ts";
import { type Verdict, worstVerdict } from "#domain/evaluation/verdict.ts";
import { holm } from "#domain/statistics/holm.ts";
import { studentTCdf } from "#domain/statistics/student-t.ts";
import { comparesWithBaseline, type Gate } from "./gate.ts";
import { type EstimateSource, estimatesFromReport } from "./gate-estimate.ts";
import { fewestClusters, type Judgement, judgeGate, rejudged, unjudged } from "./judge-gate.ts";
import type { GateReason } from "./reasons.ts";
import { sameSlice, sliceText } from "./slice.ts";
import { position } from "./statistic.ts";

/** What gates are judged on. */
export type Evidence = Pick<Report, "measurements" | "preflight"> & {
  /** No version was live before: gates that compare are left out by name. */
  readonly firstVersion: boolean;
};

export type JudgedGates = { readonly gates: readonly JudgedGate[]; readonly leftOut: readonly string[]; readonly verdict: Verdict };

/** Judges gates on a stored report, as today's rules ask: only by what the report holds. */
export function judgeReport(report: Report, gates: readonly Gate[]): JudgedGates {
  return judgeGates({ ...report, firstVersion: report.baseline === null }, gates, estimatesFromReport(report));
}

/** Judges every gate, and all of them together. */
export function judgeGates(evidence: Evidence, gates: readonly Gate[], estimates: EstimateSource): JudgedGates {
  const leftOut = evidence.firstVersion ? gates.filter((gate) => comparesWithBaseline(gate) || lacksBaseline(gate, evidence)) : [];
  const judged = gates.filter((gate) => !leftOut.includes(gate)).flatMap((gate) => judge(evidence, gate, estimates));
  return { gates: judged, leftOut: leftOut.map(({ id }) => id), verdict: overallVerdict(judged, evidence.preflight) };
}

/** Whether a gate's metric is itself a comparison of the arms, which without a baseline measures nothing. */
function lacksBaseline({ metric }: Gate, { measurements }: Evidence): boolean {
  return measurements.some((known) => known.metric === metric && known.candidate.why?.["value"] === "no-baseline");
}

/**
 * The worst verdict among gates that block. When none blocks: `pass` if a gate that demands a pass got one, else `no-data`. An
 * evaluation that preflight found invalid is never better than `error`.
 */
export function overallVerdict(gates: readonly JudgedGate[], preflight: readonly PreflightFinding[]): Verdict {
  const invalid = preflight.filter(({ verdict }) => verdict === "error").map(({ verdict }) => verdict);
  const blocking = [...gates.filter(blocks).map(({ verdict }) => verdict), ...invalid];
  if (blocking.length > 0) return worstVerdict(blocking);
  return gates.some((gate) => gate.blocks === "unless-pass" && gate.verdict === "pass") ? "pass" : "no-data";
}

/** Whether a judged gate stands in the way of a release. */
export function blocks(gate: Pick<JudgedGate, "blocks" | "verdict" | "setAside">): boolean {
  if (gate.setAside !== undefined) return false;
  switch (gate.blocks) {
    case "unless-pass":
      return gate.verdict !== "pass";
    case "on-fail":
      return gate.verdict === "fail" || gate.verdict === "error" || gate.verdict === "no-data";
    case "never":
      return false;
  }
}

function judge({ measurements, preflight }: Evidence, gate: Gate, estimates: EstimateSource): readonly JudgedGate[] {
  const ofMetric = measurements.filter(({ metric, dataset }) => metric === gate.metric && dataset === gate.dataset);
  const slice = gate.slice === "*" ? null : gate.slice;
  if (preflight.some(({ verdict }) => verdict === "error")) return [unjudged(gate, slice, null, "invalid-evaluation").judged];
  if (ofMetric.length === 0) return [unjudged(gate, slice, null, whyNotMeasured(measurements, preflight)).judged];
  if (gate.slice === "*") return judgeSlices(gate, ofMetric, estimates);
  const measurement = ofMetric.find((known) => sameSlice(known.slice, slice)) ?? null;
  return [judgeGate(gate, slice, measurement, estimates).judged];
}

function whyNotMeasured(measurements: readonly Measurement[], preflight: readonly PreflightFinding[]): GateReason {
  const nothing = measurements.length === 0 && preflight.some(({ verdict }) => verdict === "no-data");
  return nothing ? "predictions-missing" : "metric-not-measured";
}

/** Slice "*": one judged gate a slice. Harm counts as proven only when it survives Holm's correction over the slices. */
function judgeSlices(gate: Gate, ofMetric: readonly Measurement[], estimates: EstimateSource): readonly JudgedGate[] {
  const slices = ofMetric.filter(({ slice }) => slice !== null);
  if (slices.length === 0) return [unjudged(gate, null, null, "no-slice-measured").judged];
  const alone = slices.map((measurement) => {
    const own = { ...gate, id: `${gate.id} ${sliceText(measurement.slice)}` };
    return { own, measurement, judgement: judgeGate(own, measurement.slice, measurement, estimates) };
  });
  const tested = alone.filter(({ measurement, judgement }) => measurement.clusters >= fewestClusters && harm(judgement) !== null);
  const adjusted = holm(tested.map(({ judgement }) => harm(judgement) ?? 1));
  return alone.map((entry) => {
    const place = tested.indexOf(entry);
    const proven = place === -1 || (adjusted[place] ?? 1) <= (1 - gate.confidence) / 2;
    const { own, measurement, judgement } = entry;
    if (judgement.judged.verdict !== "fail" || proven) return judgement.judged;
    return rejudged(own, measurement, judgement, "not-proven-among-slices").judged;
  });
}

/** One-sided p-value of "the statistic lies within what is accepted": small means that harm is proven. Null: nothing to test. */
function harm({ judged, statistic }: Judgement): number | null {
  const { value, standardError, degreesOfFreedom, lower, upper } = judged;
  if (statistic === null || value === null || lower === null || upper === null) return null;
  const { accepted } = statistic;
  if (standardError === null) return position(accepted, lower, upper) === "outside" ? 0 : 1;
  // Without degrees of freedom the estimate is normal (DeLong, bootstrap).
  const freedom = degreesOfFreedom ?? Number.POSITIVE_INFINITY;
  const below = (threshold: number): number => studentTCdf((value - threshold) / standardError, freedom);
  const above = (threshold: number): number => studentTCdf((threshold - value) / standardError, freedom);
  switch (accepted.side) {
    case "above":
      return below(accepted.threshold);
    case "below":
      return above(accepted.threshold);
    case "within":
      return Math.min(below(accepted.low), above(accepted.high));
  }
}
