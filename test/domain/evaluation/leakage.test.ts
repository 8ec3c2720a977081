import { describe, expect, test } from "vitest";
import type { InputFacts } from "#domain/evaluation/input-facts.ts";
import { type LeakageRequest, leakageFindings } from "#domain/evaluation/leakage.ts";

const nothing: InputFacts = { snapshots: null, times: null, seen: null };
const day = (date: number): number => Date.UTC(2026, 10, date);
const span = { from: day(18), to: day(24) };
const window = { from: "2026-11-18T00:00:00Z", to: "2026-11-25T00:00:00Z" };

function found(over: Partial<LeakageRequest>): readonly (readonly string[])[] {
  const request = { facts: nothing, window: undefined, trainedUntil: undefined, allowSeen: 0, ...over };
  return leakageFindings(request).map(({ code, verdict }) => [code, verdict]);
}

describe("what training may have seen", () => {
  test("is not looked for where nothing says when or what that was", () => {
    expect(found({})).toEqual([]);
    expect(found({ window })).toEqual([]);
    expect(found({ trainedUntil: window.from })).toEqual([]);
  });

  test.each([
    ["2026-11-17T00:00:00Z", "pass"],
    ["2026-11-18T02:00:00+02:00", "pass"],
    ["2026-11-18T00:00:01Z", "error"],
    ["2027-01-01T00:00:00Z", "error"],
  ])("training until %s on a window that begins 2026-11-18 is %s", (trainedUntil, verdict) => {
    expect(found({ window, trainedUntil })).toEqual([["window-overlaps-training", verdict]]);
    const times = { candidate: null, baseline: null, labels: span };
    expect(found({ trainedUntil, facts: { ...nothing, times } })).toEqual([["window-overlaps-training", verdict]]);
  });

  test.each([
    [0, 0, "pass"],
    [1, 0, "error"],
    [10, 0.1, "pass"],
    [11, 0.1, "error"],
  ])("%d of 100 units seen where %d are allowed is %s", (seen, allowSeen, verdict) => {
    const facts = { ...nothing, seen: { units: 100, seen, examples: ["q1"] } };
    expect(found({ facts, allowSeen })).toEqual([["units-seen-in-training", verdict]]);
  });
});

describe("both arms", () => {
  test.each([
    [["s1"], ["s1"], [["snapshots-differ", "pass"]]],
    [["s1"], ["s2"], [["snapshots-differ", "error"]]],
    [["s1", "s2"], ["s2"], [["snapshots-differ", "error"]]],
    [["s1"], null, []],
  ] as const)("of snapshots %j and %j", (candidate, baseline, expected) => {
    expect(found({ facts: { ...nothing, snapshots: { candidate, baseline } } })).toEqual(expected);
  });

  test("must be about the same times, which lie in the window", () => {
    const facts = (from: number, to: number): InputFacts => ({
      ...nothing,
      times: { candidate: { from, to }, baseline: span, labels: null },
    });
    expect(found({ facts: facts(day(18), day(24)), window })).toEqual([["windows-differ", "pass"]]);
    expect(found({ facts: facts(day(18), day(25)), window })).toEqual([["windows-differ", "error"]]);
    expect(found({ facts: facts(day(17), day(26)), window })).toEqual([
      ["windows-differ", "error"],
      ["times-outside-window", "error"],
    ]);
  });
});
