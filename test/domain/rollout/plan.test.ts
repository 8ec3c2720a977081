import { describe, expect, it } from "vitest";
import { rolloutDefaultsSchema, rolloutSchema, wholeRollout } from "#domain/rollout/plan.ts";

const serving = { image: `acme/ranker@sha256:${"1".repeat(64)}` };
const steps = [{ weight: 5, window: "30m" }];
const written = (own: Readonly<Record<string, unknown>>) => rolloutSchema.parse({ serving, ...own });
const defaults = rolloutDefaultsSchema.parse({ steps: [{ weight: 1, window: "1h" }], bake: "24h", extend: 1 });

describe("the pace of a rollout", () => {
  it("is the model's own where it has one", () => {
    expect(wholeRollout(written({ steps, bake: "1h", extend: 5, deadline: "1m" }), defaults)).toMatchObject({
      steps: [{ weight: 5, window: 1_800_000 }],
      bake: 3_600_000,
      extend: 5,
      deadline: 60_000,
    });
  });

  it("is the policy's for its tier where the model says nothing, and Slipway's where neither does", () => {
    expect(wholeRollout(written({}), defaults)).toMatchObject({
      steps: [{ weight: 1, window: 3_600_000 }],
      bake: 86_400_000,
      extend: 1,
      deadline: 600_000,
    });
    expect(wholeRollout(written({ steps, bake: "1h" }), undefined)).toMatchObject({ extend: 3, deadline: 600_000 });
  });

  it.each([
    ["steps", { bake: "1h" }],
    ["a bake", { steps }],
  ])("is none without %s", (_, own) => {
    expect(wholeRollout(written(own), undefined)).toBeNull();
  });
});
