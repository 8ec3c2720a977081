import { describe, expect, test } from "vitest";
import { type AbortFacts, decideAbort } from "#domain/rollout/decide-abort.ts";
import { at, environmentState, openRelease } from "#test/support/builders.ts";

const [stable] = environmentState().verified;
const closed = { state: "closed", merged: false } as const;
const facts: AbortFacts = { open: openRelease(), pullRequest: closed, editedBy: undefined, stable, stableHeldBecause: undefined };
const stopping = openRelease({ phase: "stopping", weight: 0, stoppedAt: at(2000), reason: "too slow" });
const paused = openRelease({ phase: "paused", pausedAt: at(2000), reason: "no data" });

describe("a release whose pull request was closed unmerged", () => {
  test.each([
    ["progressing", facts.open],
    ["paused", paused],
  ])("is aborted while it is %s, to what is live", (_phase, open) => {
    expect(decideAbort({ ...facts, open })).toEqual({
      kind: "abort",
      code: "closed-unmerged",
      message: "pull request #7 was closed unmerged",
      restores: stable,
    });
  });

  test.each<[string, Partial<AbortFacts>, string, string]>([
    ["its weight is back already", { open: stopping }, "keep", "stopping"],
    ["the pull request is open", { pullRequest: { state: "open", merged: false } }, "keep", "pull-request-open"],
    ["it was closed by a merge", { pullRequest: { state: "closed", merged: true } }, "keep", "pull-request-merged"],
    ["GitHub knows no such pull request", { pullRequest: undefined }, "keep", "pull-request-missing"],
    ["a person edited the files", { editedBy: "Alex" }, "blocked", "edited"],
    ["what is live was never verified", { stable: undefined }, "blocked", "stable-not-verified"],
    ["what is live is held", { stableHeldBecause: "a recall" }, "blocked", "stable-held"],
  ])("is not when %s", (_when, change, kind, code) => {
    expect(decideAbort({ ...facts, ...change })).toMatchObject({ kind, code });
  });
});
