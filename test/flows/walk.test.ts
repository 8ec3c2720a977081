import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Digest } from "#domain/model/names.ts";
import { type Action, anyWalk, type Moment, walker } from "#test/support/walk.ts";

const weightOf = ({ backends }: Moment, digest: Digest): number => backends.find((backend) => backend.digest === digest)?.weight ?? 0;
const isSlipway = ({ kind }: Action): boolean => kind === "go on" || kind === "go on blindly" || kind === "advance" || kind === "deploy";

/** Invariant 7: applied to an empty cluster, the route serves what it says, in per cent, and somebody. */
function coldApplySafe({ backends }: Moment): void {
  expect(backends.length).toBeGreaterThan(0);
  expect(backends.every(({ digest, weight }) => digest !== undefined && Number.isInteger(weight) && weight >= 0)).toBe(true);
  expect(backends.reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
}

/** One lock a model and environment, and it is the one that the state names. */
function oneOpenRelease({ records, open }: Moment): void {
  expect(records.filter(({ outcome }) => outcome === null).map(({ id }) => id)).toEqual(open === null ? [] : [open.id]);
}

/** Invariant 6, and 8: what must have been so for a candidate's weight to grow. */
function growthIsEarned(action: Action, before: Moment, after: Moment, candidate: Digest): void {
  expect(isSlipway(action)).toBe(true);
  expect({ frozen: before.frozen, policyBroken: before.policyBroken, held: before.held.has(candidate) }).toEqual({
    frozen: false,
    policyBroken: false,
    held: false,
  });
  if (action.kind === "deploy") return expect([before.open, weightOf(before, candidate), weightOf(after, candidate)]).toEqual([null, 0, 5]);
  expect(before.edited).toBe(false);
  expect(before.open?.liveSince).toEqual(expect.any(String));
  const weight = weightOf(before, candidate);
  const backends = expect.arrayContaining([expect.objectContaining({ digest: candidate, weight })]);
  expect(after.seen).toMatchObject({ kind: "seen", accepted: true, backends });
  const judged = after.records.find(({ id }) => id === after.open?.id)?.steps.at(-2);
  expect(judged?.windows.length).toBeGreaterThan(0);
  for (const { verdict, lower, target, from, to } of judged?.windows ?? []) {
    expect(verdict).toBe("pass");
    expect(lower).toBeGreaterThanOrEqual(target);
    expect([from, to <= before.now]).toEqual([before.open?.liveSince, true]);
  }
}

/** Invariant 10: Slipway writes nothing over what a person wrote, but at a person's word. */
function peopleWin(action: Action, before: Moment, after: Moment): void {
  if (before.edited && isSlipway(action) && action.kind !== "deploy") expect(after.head).toBe(before.head);
}

describe("whatever people, clusters, requests and clocks do", () => {
  test("invariants 6 to 10 hold after every step of Slipway", async () => {
    const reached = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyWalk, async (walk) => {
        const { act, moment } = await walker();
        let before = await moment();
        for (const action of walk) {
          await act(action);
          const after = await moment();
          coldApplySafe(after);
          oneOpenRelease(after);
          peopleWin(action, before, after);
          const candidate = (after.open ?? before.open)?.candidate.digest;
          if (candidate !== undefined && weightOf(after, candidate) > weightOf(before, candidate)) {
            growthIsEarned(action, before, after, candidate);
            reached.add(`${weightOf(after, candidate)} %`);
          }
          for (const { outcome } of after.records) if (outcome !== null) reached.add(outcome.kind);
          if (after.open?.phase === "paused") reached.add("paused");
          before = after;
        }
      }),
      { numRuns: 100 },
    );
    // A walk that gets nowhere would show nothing.
    expect([...reached].toSorted()).toEqual(["100 %", "25 %", "5 %", "paused", "rolled-back", "verified"]);
  }, 120_000);
});
