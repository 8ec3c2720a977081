import type { Measurement } from "#domain/evaluation/report.ts";
import { formatNumber } from "./format-number.ts";
import type { Comparison, Margin } from "./gate.ts";
import type { GateReason } from "./reasons.ts";

/** What a gate estimates, and where that must lie. Equal texts are equal statistics: by text a stored bound is found again. */
export type GateStatistic = {
  readonly kind: "statistic";
  readonly text: string;
  readonly of:
    | { readonly kind: "candidate" }
    | { readonly kind: "difference" }
    | { readonly kind: "relative"; readonly factor: number }
    | { readonly kind: "log-ratio" };
  readonly better: "higher" | "lower";
  readonly accepted: Accepted;
};

/** Strict for comparisons with the baseline, inclusive for bounds on the candidate alone. */
export type Accepted =
  | { readonly side: "above" | "below"; readonly threshold: number; readonly inclusive: boolean }
  | { readonly side: "within"; readonly low: number; readonly high: number };

/** The statistic of arms that are compared by their ratio. */
export const logRatioText = "log(candidate / baseline)";

/** Turns a rule into its statistic, by the direction of the metric; some rules have none for what was measured. */
export function gateStatistic(
  comparison: Comparison,
  measurement: Measurement,
): GateStatistic | { readonly kind: "none"; readonly reason: GateReason } {
  const { better } = measurement;
  const candidate = {
    kind: "statistic",
    text: "candidate",
    of: { kind: "candidate" },
    better: better === "lower" ? "lower" : "higher",
  } as const;
  switch (comparison.kind) {
    case "at-least":
      return { ...candidate, accepted: { side: "above", threshold: comparison.bound, inclusive: true } };
    case "at-most":
      return { ...candidate, accepted: { side: "below", threshold: comparison.bound, inclusive: true } };
    case "between":
      return { ...candidate, accepted: { side: "within", low: comparison.low, high: comparison.high } };
    case "no-worse-than":
    case "better-than": {
      if (better === "target") return { kind: "none", reason: "no-direction" };
      const gain = comparison.kind === "better-than" ? 1 : -1;
      const { margin } = comparison;
      if (measurement.logRatio !== undefined) return logRatio(gain, margin, better);
      return margin.kind === "absolute" ? difference(gain * margin.value, better) : relative(gain * margin.fraction, better, measurement);
    }
  }
}

/** `gain` is how much better the candidate must be, in the direction of the metric. */
function difference(gain: number, better: "higher" | "lower"): GateStatistic {
  const accepted: Accepted = {
    side: better === "higher" ? "above" : "below",
    threshold: better === "higher" ? gain : 0 - gain,
    inclusive: false,
  };
  return { kind: "statistic", text: "candidate - baseline", of: { kind: "difference" }, better, accepted };
}

/** A share of a baseline that may be 0 has no direction, so it is not judged; of a negative one the share is of its size. */
function relative(gain: number, better: "higher" | "lower", { baseline }: Measurement): ReturnType<typeof gateStatistic> {
  if (baseline === null || baseline.value === null) return { kind: "none", reason: "relative-margin-undefined" };
  const [lower, upper] = baseline.why?.["lower"] === "fact" ? [baseline.value, baseline.value] : [baseline.lower, baseline.upper];
  if (lower === null || upper === null || (lower <= 0 && upper >= 0)) return { kind: "none", reason: "relative-margin-undefined" };
  const direction = better === "higher" ? 1 : -1;
  const factor = 1 + direction * Math.sign(baseline.value) * gain;
  const share = `${formatNumber(factor)}*baseline`;
  const text = better === "higher" ? `candidate - ${share}` : `${share} - candidate`;
  return { kind: "statistic", text, of: { kind: "relative", factor }, better, accepted: { side: "above", threshold: 0, inclusive: false } };
}

/** A ratio of at most 1.05 is "no worse than 5%": its logarithm is held to log(1.05). Only shares, and 0, are margins of a ratio. */
function logRatio(gain: number, margin: Margin, better: "higher" | "lower"): ReturnType<typeof gateStatistic> {
  if (margin.kind === "absolute" && margin.value !== 0) return { kind: "none", reason: "ratio-needs-share" };
  const share = margin.kind === "absolute" ? 0 : gain * margin.fraction;
  const side = better === "higher" ? "above" : "below";
  const threshold = Math.log1p(better === "higher" ? share : 0 - share);
  if (!Number.isFinite(threshold)) return { kind: "none", reason: "ratio-needs-share" };
  return {
    kind: "statistic",
    text: logRatioText,
    of: { kind: "log-ratio" },
    better,
    accepted: { side, threshold, inclusive: false },
  };
}

/** Whether an interval lies inside what is accepted, wholly outside, or neither. */
export function position(accepted: Accepted, lower: number, upper: number): "inside" | "outside" | "across" {
  switch (accepted.side) {
    case "above":
      if (upper < accepted.threshold) return "outside";
      return lower > accepted.threshold || (accepted.inclusive && lower === accepted.threshold) ? "inside" : "across";
    case "below":
      if (lower > accepted.threshold) return "outside";
      return upper < accepted.threshold || (accepted.inclusive && upper === accepted.threshold) ? "inside" : "across";
    case "within":
      if (upper < accepted.low || lower > accepted.high) return "outside";
      return lower >= accepted.low && upper <= accepted.high ? "inside" : "across";
  }
}

export function thresholdOf(accepted: Accepted): number | [number, number] {
  return accepted.side === "within" ? [accepted.low, accepted.high] : accepted.threshold;
}
