import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { targetProblems } from "#domain/manifest/target-problems.ts";
import { targets } from "#domain/manifest/targets.ts";
import type { Rollout } from "#domain/rollout/plan.ts";
import { targetNames } from "#domain/rollout/target-name.ts";
import { coldShare } from "#test/support/targets/cold-share.ts";
import { candidate, rolloutOf } from "#test/support/targets/fixtures.ts";
import { midCanaryStates } from "#test/support/targets/rollout-states.ts";

const safe = targetNames.filter((name) => targets[name].coldApplyHazard === null);
const hazardous = targetNames.filter((name) => targets[name].coldApplyHazard !== null);

/** Growing weights that are whole shares of a hundred replicas; half of the plans begin with a shadow where the target has one. */
const plans = (name: (typeof targetNames)[number]) =>
  fc
    .record({ weights: fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 3 }), shadow: fc.boolean() })
    .map(({ weights, shadow }) =>
      rolloutOf(name, {
        steps: weights.toSorted((a, b) => a - b).map((weight) => ({ weight, window: "1m" })),
        serving: { replicas: 100 },
        ...(shadow && targets[name].can.shadow && { shadow: { window: "1m" } }),
      }),
    );

/** States in which an empty cluster would give the candidate more than its declared weight. */
function overexposed(rollout: Rollout): readonly string[] {
  return midCanaryStates(rollout)
    .filter(({ open, files }) => coldShare(files.values(), candidate.digest) > open.weight)
    .map(({ path }) => path.join(", "));
}

describe("an empty cluster to which a canary's manifests are applied", () => {
  it.each(safe)("gives the candidate at most its weight, in every state of a release on %s", (name) => {
    fc.assert(
      fc.property(plans(name), (rollout) => {
        expect(overexposed(rollout)).toEqual([]);
      }),
      { numRuns: 3 },
    );
  });

  it.each([["kustomize"], ["helm"]])("does so with the output %s", (output) => {
    expect(overexposed(rolloutOf("gateway-api", { output }))).toEqual([]);
  });

  it.each(hazardous)("gives it everything on %s, which therefore has to be accepted by name", (name) => {
    const rollout = rolloutOf(name);
    expect(overexposed(rollout)).not.toEqual([]);
    expect(targetProblems({ ...rollout, accepts: [] })).toEqual([
      { path: ["target"], message: expect.stringContaining("accepts: [cold-apply]") },
    ]);
  });

  it("is tried in every phase of a release", () => {
    const states = midCanaryStates(rolloutOf("gateway-api", { shadow: { window: "1m" } }));
    expect(new Set(states.map(({ open }) => `${open.phase} ${open.weight} ${open.liveSince === null ? "set" : "live"}`))).toEqual(
      new Set([
        ...[0, 25, 50, 100].flatMap((weight) =>
          ["progressing", "paused"].flatMap((phase) => [`${phase} ${weight} set`, `${phase} ${weight} live`]),
        ),
        "stopping 0 set",
        "stopping 0 live",
      ]),
    );
  });
});
