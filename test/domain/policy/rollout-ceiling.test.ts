import { describe, expect, it } from "vitest";
import { beyondCeiling } from "#domain/policy/rollout-ceiling.ts";
import { rolloutSchema, wholeRollout } from "#domain/rollout/plan.ts";
import { policy } from "./policy-builder.ts";

const rules = policy({
  rollout: { ceilings: { critical: { firstWeight: 5, growth: 5, window: "30m", bake: "24h", extend: 3 } } },
});

function rollout(weights: readonly number[], times: { window?: string; bake?: string; extend?: number } = {}) {
  const { window = "30m", bake = "24h", extend = 3 } = times;
  const written = {
    serving: { image: `acme/ranker@sha256:${"1".repeat(64)}` },
    steps: weights.map((weight) => ({ weight, window })),
    bake,
    extend,
  };
  const whole = wholeRollout(rolloutSchema.parse(written), undefined);
  if (whole === null) throw new Error("the rollout says its steps and its bake");
  return whole;
}

describe("what policy lets a rollout of a tier be", () => {
  it.each([
    ["at every limit", rollout([5, 25]), []],
    ["a first step that is too great", rollout([6, 25]), ["the first step has 6 %, and at most 5 % is allowed"]],
    ["a leap", rollout([4, 21]), ["21 % follows 4 %, and a step may be at most 5 times the one before it"]],
    ["a leap to the end", rollout([5, 19]), ["100 % follows 19 %, and a step may be at most 5 times the one before it"]],
    ["a short window", rollout([5, 25], { window: "29m" }), ["the window at 5 % is 29m, and at least 30m is asked for"]],
    ["a short bake", rollout([5, 25], { bake: "23h" }), ["the bake is 23h, and at least 1d is asked for"]],
    ["too many extensions", rollout([5, 25], { extend: 4 }), ["a window may be extended 4 times, and at most 3 is allowed"]],
  ])("%s", (_, given, expected) => {
    expect(beyondCeiling(rules, "critical", given)).toEqual(expected);
  });

  it("is anything for a tier that it does not name", () => {
    expect(beyondCeiling(rules, "standard", rollout([90], { window: "1s", bake: "1s" }))).toEqual([]);
  });
});
