import type { Verdict } from "#domain/evaluation/verdict.ts";

/** Why a gate was judged as it was: the closed list, each with the one verdict it belongs to. */
export const gateReasons = {
  "within-margin": "pass",
  improved: "pass",
  "within-bounds": "pass",
  regression: "fail",
  "not-better": "fail",
  "out-of-bounds": "fail",
  "interval-crosses-threshold": "inconclusive",
  "too-few-clusters": "inconclusive",
  "relative-margin-undefined": "inconclusive",
  "no-unit-differs": "inconclusive",
  "no-variance": "inconclusive",
  "not-proven-among-slices": "inconclusive",
  "metric-not-measured": "no-data",
  "slice-not-measured": "no-data",
  "no-slice-measured": "no-data",
  "no-units": "no-data",
  "labels-not-independent": "no-data",
  "predictions-missing": "no-data",
  "no-baseline": "no-data",
  "one-class": "no-data",
  "no-positive": "no-data",
  "truth-does-not-vary": "no-data",
  "truth-is-zero": "no-data",
  "evaluate-again": "no-data",
  "constant-difference": "error",
  "no-direction": "error",
  "census-cannot-compare": "error",
  "invalid-evaluation": "error",
} as const satisfies Record<string, Verdict>;

export type GateReason = keyof typeof gateReasons;
