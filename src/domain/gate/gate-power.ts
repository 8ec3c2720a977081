import type { Measurement } from "#domain/evaluation/report.ts";
import { detectableEffect } from "#domain/statistics/detectable.ts";
import { passIfUnchanged } from "#domain/statistics/pass-if-unchanged.ts";
import { unitsToSettle } from "#domain/statistics/units-to-settle.ts";
import type { Gate } from "./gate.ts";
import type { GateEstimate } from "./gate-estimate.ts";
import type { Accepted, GateStatistic } from "./statistic.ts";

/** What this evaluation could have shown, on the gate's own statistic; what is undefined is null with its reason. */
export type GatePower = {
  readonly detectable: number | null;
  readonly passIfUnchanged: number | null;
  readonly unitsToSettle: number | null;
  readonly why: Readonly<Record<string, string>>;
};

/** The chances of a gate, from its standard error: for a candidate of equal quality, and with more units if it is not settled. */
export function gatePower(
  gate: Gate,
  { accepted, of }: GateStatistic,
  estimate: GateEstimate,
  measurement: Measurement,
  settled: boolean,
): GatePower {
  const { standardError } = estimate;
  if (standardError === null) return noPower(estimate.why?.["standardError"] ?? "no-standard-error");
  const detectable = detectableEffect(standardError, gate.confidence);
  const slack = of.kind === "log-ratio" ? slackOfEqualRatio(accepted) : slackOfEqualQuality(gate, measurement);
  const unchanged = slack === null ? null : passIfUnchanged(slack.lower, standardError, gate.confidence, slack.upper);
  const needed = settled ? null : unitsToSettle(measurement.clusters, detectable, distance(gate, accepted, estimate, slack));
  const why = {
    ...(unchanged === null && { passIfUnchanged: "no-baseline" }),
    ...(needed === null && { unitsToSettle: settled ? "settled" : "no-number-of-units-settles-it" }),
  };
  return { detectable, passIfUnchanged: unchanged, unitsToSettle: needed, why };
}

export function noPower(reason: string): GatePower {
  const why = { detectable: reason, passIfUnchanged: reason, unitsToSettle: reason };
  return { detectable: null, passIfUnchanged: null, unitsToSettle: null, why };
}

type Slack = { readonly lower: number; readonly upper?: number };

/** How far inside the threshold the gate's statistic lies when the candidate is exactly as good as the baseline. */
function slackOfEqualQuality({ comparison }: Gate, { baseline }: Measurement): Slack | null {
  const level = baseline?.value ?? null;
  if (level === null) return null;
  switch (comparison.kind) {
    case "no-worse-than":
    case "better-than": {
      const { margin } = comparison;
      const size = margin.kind === "absolute" ? margin.value : margin.fraction * Math.abs(level);
      return { lower: comparison.kind === "no-worse-than" ? size : 0 - size };
    }
    case "at-least":
      return { lower: level - comparison.bound };
    case "at-most":
      return { lower: comparison.bound - level };
    case "between":
      return { lower: level - comparison.low, upper: comparison.high - level };
  }
}

/** Equal arms have the ratio 1, of which the logarithm is 0. */
function slackOfEqualRatio(accepted: Accepted): Slack | null {
  if (accepted.side === "within") return null;
  return { lower: accepted.side === "below" ? accepted.threshold : 0 - accepted.threshold };
}

/** "No worse than" is settled for equal quality; other rules for a truth where the estimate lies. */
function distance({ comparison }: Gate, accepted: Accepted, { value }: GateEstimate, slack: Slack | null): number {
  if (comparison.kind === "no-worse-than") return slack?.lower ?? 0;
  if (value === null) return 0;
  if (accepted.side === "within") return Math.min(Math.abs(value - accepted.low), Math.abs(accepted.high - value));
  const beyond = accepted.side === "above" ? value - accepted.threshold : accepted.threshold - value;
  return comparison.kind === "better-than" ? beyond : Math.abs(beyond);
}
