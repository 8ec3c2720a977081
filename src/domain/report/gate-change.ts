import type { JudgedGate, Measurement } from "#domain/evaluation/report.ts";
import { logRatioText } from "#domain/gate/statistic.ts";
import { decimalsFor, formatChange, formatFixed, formatPlain } from "./format-number.ts";
import type { DrawnInterval } from "./interval-glyph.ts";

/** What a gate judged, in the terms of its rule: a share of the baseline in per cent, a difference, or the candidate's own value. */
export interface GateChange extends DrawnInterval {
  readonly kind: "percent" | "difference" | "value";
  readonly decimals: number;
}

/**
 * The statistic that decided, turned back into what people compare with the rule. The bounds of `candidate - 0.98*baseline` become
 * those of the relative change, so the drawn interval and the drawn limit always agree with the verdict.
 * @returns null when the gate has no interval
 */
export function gateChange(gate: JudgedGate, measurement: Measurement | undefined): GateChange | null {
  const { value, lower, upper, standardError, statistic, threshold } = gate;
  if (value === null || lower === null || upper === null || statistic === null || threshold === null) return null;
  const factor = /^candidate - (\S+)\*baseline$/.exec(statistic)?.[1] ?? /^(\S+)\*baseline - candidate$/.exec(statistic)?.[1];
  const limits = typeof threshold === "number" ? [threshold] : threshold;
  if (statistic === logRatioText && typeof threshold === "number") {
    const percent = (log: number) => 100 * Math.expm1(log);
    const error = standardError === null ? null : 100 * Math.exp(value) * standardError;
    const decimals = Math.min(2, decimalsFor(percent(value), error));
    return {
      kind: "percent",
      value: percent(value),
      lower: percent(lower),
      upper: percent(upper),
      limits: [percent(threshold)],
      zero: 0,
      decimals,
    };
  }
  if (factor === undefined) {
    const kind = statistic === "candidate" ? "value" : "difference";
    return { kind, value, lower, upper, limits, zero: kind === "value" ? null : 0, decimals: decimalsFor(value, standardError) };
  }
  const baseline = measurement?.baseline?.value ?? 0;
  if (baseline === 0) return null;
  const turned = statistic.startsWith("candidate") ? 1 : -1;
  const limit = (Number(factor) - 1) * Math.sign(baseline) * 100;
  const percent = (bound: number) => limit + (turned * bound * 100) / Math.abs(baseline);
  const [low, high] = turned === 1 ? [percent(lower), percent(upper)] : [percent(upper), percent(lower)];
  const error = standardError === null ? null : (standardError * 100) / Math.abs(baseline);
  return {
    kind: "percent",
    value: percent(value),
    lower: low,
    upper: high,
    limits: [limit],
    zero: 0,
    decimals: Math.min(2, decimalsFor(percent(value), error)),
  };
}

/** `−14.2 % [−17.9, −10.4]` */
export function changeText({ kind, value, lower, upper, decimals }: GateChange): string {
  if (kind === "value") return `${formatFixed(value, decimals)} [${formatFixed(lower, decimals)}, ${formatFixed(upper, decimals)}]`;
  return `${formatChange(value, decimals)}${kind === "percent" ? " %" : ""} [${formatChange(lower, decimals)}, ${formatChange(upper, decimals)}]`;
}

/** `limit −2 %` */
export function limitText({ kind, limits }: GateChange): string {
  const numbers = limits.map((limit) => formatPlain(limit)).join(" to ");
  return `limit ${numbers}${kind === "percent" ? " %" : ""}`;
}
