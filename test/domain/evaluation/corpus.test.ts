import { describe, expect, it } from "vitest";
import { exposureOf, exposureOver } from "#domain/evaluation/corpus.ts";
import { corpusValues } from "#domain/evaluation/corpus-values.ts";
import { metric } from "#test/support/scoring-request.ts";

/** Rows of three items each, numbered; items 0 to 3 are the catalogue's. */
const lists = { starts: Int32Array.of(0, 3, 6, 9), items: Int32Array.of(0, 1, 4, 0, 2, 1, 3, 0, 1), itemCount: 5 };
const catalogue = { size: 4, taken: Uint8Array.of(1, 1, 0, 0) };
const exposure = (k: number, units: readonly (readonly number[])[], weights: readonly number[] | null = null) =>
  exposureOf(lists, k, units, weights, catalogue, "seed");

describe("what units are shown", () => {
  it("is the first k of their rows, each item once a unit", () => {
    expect(exposure(2, [[0], [1], [2]]).units).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
    ]);
    expect(exposure(2, [[0, 2], [1]]).units).toEqual([
      [0, 1, 3],
      [0, 2],
    ]);
  });

  it("counts a unit once however many rows it has, and as often as its weight says", () => {
    expect([...exposure(2, [[0], [1], [2]]).shown]).toEqual([3, 1, 1, 1, 0]);
    expect([...exposure(2, [[0, 2], [1]]).shown]).toEqual([2, 0.5, 1, 0.5, 0]);
    expect([...exposure(2, [[0], [1], [2]], [1, 2, 5]).shown]).toEqual([8, 1, 2, 5, 0]);
  });

  it("is counted over the catalogue, over what was taken before, or over what is recommended", () => {
    const shown = exposure(3, [[0], [1]]);
    expect([...exposureOver(shown, "catalogue")]).toEqual([2, 2, 1, 0]);
    expect([...exposureOver(shown, "taken_only")]).toEqual([2, 2]);
    expect([...exposureOver(shown, "recommended_only")]).toEqual([2, 2, 1, 1]);
  });
});

describe("metrics of a corpus", () => {
  const valueOf = (name: string, k: number, units: readonly (readonly number[])[]): number | null | undefined =>
    metric(name).corpus?.(exposure(k, units));

  it("have the values of their definitions", () => {
    // Shown 2, 2, 1 and 0 times: ascending 0, 1, 2, 2.
    expect(valueOf("gini@3", 3, [[0], [1]])).toBeCloseTo((-1 + 2 + 3 * 2) / (3 * 5), 15);
    expect(valueOf("coverage@3", 3, [[0], [1]])).toBe(3 / 4);
    expect(valueOf("entropy@2", 1, [[0], [2]])).toBe(1);
    expect(valueOf("personalisation@3", 3, [[0], [1]])).toBe(1 - 2 / 4);
  });

  it("have none where there is nothing to count", () => {
    expect(["gini@2", "entropy@2", "personalisation@2"].map((name) => valueOf(name, 2, []))).toEqual([null, null, null]);
    const coverage = metric("coverage@2");
    const ofNobody = { candidate: lists, baseline: null, catalogue, rows: [] };
    expect(corpusValues(coverage, ofNobody, null, "")).toEqual({ candidate: null, baseline: null });
    expect(corpusValues(coverage, { ...ofNobody, rows: [[0]] }, null, "")).toEqual({ candidate: 1 / 2, baseline: null });
    expect(valueOf("personalisation@2", 2, [[0]])).toBeNull();
  });
});
