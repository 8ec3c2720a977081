import type { JudgedGate, Measurement } from "#domain/evaluation/report.ts";
import { type Comparison, comparesWithBaseline, type Gate, ruleText } from "./gate.ts";
import type { EstimateSource, GateEstimate } from "./gate-estimate.ts";
import { gateMessage } from "./gate-message.ts";
import { gatePower, noPower } from "./gate-power.ts";
import { type GateReason, gateReasons } from "./reasons.ts";
import type { Slice } from "./slice.ts";
import { type Accepted, type GateStatistic, gateStatistic, position, thresholdOf } from "./statistic.ts";

/** With fewer clusters the t interval promises more than it keeps. */
export const fewestClusters = 30;

/** A gate with its numbers, still without regard to other gates. */
export type Judgement = { readonly judged: JudgedGate; readonly statistic: GateStatistic | null };

/** Judges one gate on one slice: inside what it accepts passes, wholly outside fails, else inconclusive. A point estimate never gates. */
export function judgeGate(gate: Gate, slice: Slice | null, measurement: Measurement | null, estimates: EstimateSource): Judgement {
  if (measurement === null) return unjudged(gate, slice, null, "slice-not-measured");
  const absent = whyNothingToJudge(gate, measurement);
  if (absent !== null) return unjudged(gate, slice, measurement, absent);
  const statistic = gateStatistic(gate.comparison, measurement);
  if (statistic.kind === "none") return unjudged(gate, slice, measurement, reasonWithout(statistic.reason, measurement));
  const estimate = estimates(measurement, statistic, gate.confidence);
  if (estimate === null) return unjudged(gate, slice, measurement, "evaluate-again");
  return withReason(gate, slice, measurement, statistic, estimate, reasonOf(gate, measurement, statistic, estimate));
}

/** A gate for which there is nothing to compute. */
export function unjudged(gate: Gate, slice: Slice | null, measurement: Measurement | null, reason: GateReason): Judgement {
  const { why, ...power } = noPower(reason);
  const nulls = { value: null, standardError: null, degreesOfFreedom: null, lower: null, upper: null };
  const explained = Object.fromEntries(["statistic", "threshold", ...Object.keys(nulls)].map((field) => [field, reason]));
  const judged: JudgedGate = {
    ...head(gate, slice),
    statistic: null,
    threshold: null,
    ...nulls,
    confidence: gate.confidence,
    ...power,
    why: { ...explained, ...why },
    verdict: gateReasons[reason],
    reason,
    message: gateMessage(gate, slice, reason, null, measurement),
  };
  return { judged, statistic: null };
}

/** The same judgement for another reason, as when the slices are looked at together. */
export function rejudged(gate: Gate, measurement: Measurement, { judged, statistic }: Judgement, reason: GateReason): Judgement {
  if (statistic === null) return { judged, statistic };
  return withReason(gate, judged.slice, measurement, statistic, judged, reason);
}

function whyNothingToJudge(gate: Gate, measurement: Measurement): GateReason | null {
  const { candidate, baseline, difference, logRatio, why } = measurement;
  if (candidate.value === null) return reasonOrElse(candidate.why?.["value"], "no-units");
  if (!comparesWithBaseline(gate)) return null;
  if (why?.["logRatio"] !== undefined) return reasonOrElse(why["logRatio"], "no-baseline");
  if (candidate.why?.["lower"] === "census" && logRatio === undefined) return "census-cannot-compare";
  return baseline === null || difference === null ? reasonOrElse(why?.["baseline"] ?? why?.["difference"], "no-baseline") : null;
}

/** A baseline's interval that says nothing, because it is of a handful of clusters, is no sign of a baseline near 0. */
function reasonWithout(reason: GateReason, { clusters }: Measurement): GateReason {
  return reason === "relative-margin-undefined" && clusters < fewestClusters ? "too-few-clusters" : reason;
}

const reasonInside = {
  "no-worse-than": "within-margin",
  "better-than": "improved",
  "at-least": "within-bounds",
  "at-most": "within-bounds",
  between: "within-bounds",
} as const satisfies Record<Comparison["kind"], GateReason>;

const reasonOutside = {
  "no-worse-than": "regression",
  "better-than": "not-better",
  "at-least": "out-of-bounds",
  "at-most": "out-of-bounds",
  between: "out-of-bounds",
} as const satisfies Record<Comparison["kind"], GateReason>;

function reasonOf(
  gate: Gate,
  { clusters, difference }: Measurement,
  { accepted, of }: GateStatistic,
  { value, lower, upper, why }: GateEstimate,
): GateReason {
  // A fact, such as a size, is no sample: one is enough.
  const isFact = why?.["standardError"] === "fact";
  if (clusters < fewestClusters && !isFact) return "too-few-clusters";
  // Against a share of the baseline a constant difference seems to vary, as the baseline does.
  if (of.kind === "relative" && difference?.why?.["lower"] === "constant-difference") return "constant-difference";
  if (why?.["lower"] === "census" || why?.["lower"] === "fact") return reasonOfCensus(gate, accepted, value);
  if (lower === null || upper === null) return reasonOrElse(why?.["lower"], "no-variance");
  switch (position(accepted, lower, upper)) {
    case "inside":
      return reasonInside[gate.comparison.kind];
    case "outside":
      return reasonOutside[gate.comparison.kind];
    case "across":
      return why?.["standardError"] === "no-unit-differs" ? "no-unit-differs" : "interval-crosses-threshold";
  }
}

/** What describes the evaluated units themselves has no interval: a bound compares the value. */
function reasonOfCensus(gate: Gate, accepted: Accepted, value: number | null): GateReason {
  if (value === null) return "no-units";
  return position(accepted, value, value) === "inside" ? reasonInside[gate.comparison.kind] : reasonOutside[gate.comparison.kind];
}

function withReason(
  gate: Gate,
  slice: Slice | null,
  measurement: Measurement,
  statistic: GateStatistic,
  estimate: GateEstimate,
  reason: GateReason,
): Judgement {
  const verdict = gateReasons[reason];
  const { why: powerWhy, ...power } = gatePower(gate, statistic, estimate, measurement, verdict === "pass" || verdict === "fail");
  const why = { ...estimate.why, ...powerWhy };
  const judged: JudgedGate = {
    ...head(gate, slice),
    statistic: statistic.text,
    threshold: thresholdOf(statistic.accepted),
    value: estimate.value,
    standardError: estimate.standardError,
    degreesOfFreedom: estimate.degreesOfFreedom,
    lower: estimate.lower,
    upper: estimate.upper,
    confidence: gate.confidence,
    ...power,
    ...(Object.keys(why).length > 0 && { why }),
    verdict,
    reason,
    message: gateMessage(gate, slice, reason, { statistic, estimate }, measurement),
  };
  return { judged, statistic };
}

function head(gate: Gate, slice: Slice | null): Pick<JudgedGate, "id" | "metric" | "slice" | "dataset" | "rule" | "blocks"> {
  const { id, metric, dataset, blocks, comparison } = gate;
  return { id, metric, slice: slice === null ? null : { ...slice }, dataset, rule: ruleText(comparison), blocks };
}

function reasonOrElse(reason: string | undefined, otherwise: GateReason): GateReason {
  return reason !== undefined && isGateReason(reason) ? reason : otherwise;
}

function isGateReason(reason: string): reason is GateReason {
  return Object.hasOwn(gateReasons, reason);
}
