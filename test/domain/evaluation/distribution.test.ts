import { describe, expect, it } from "vitest";
import { firstDistribution, gatedFirst, type UnitDifferences } from "#domain/evaluation/distribution.ts";
import { around, reportOf, scoredTable } from "#test/support/report-request.ts";

const of = (differences: readonly number[]): UnitDifferences => ({ count: differences.length, of: (unit) => differences[unit] ?? 0 });
const distributionOf = (differences: readonly number[]) => firstDistribution(["m"], "made", () => of(differences));

describe("the distribution of differences", () => {
  it("counts every unit once, those without a difference apart", () => {
    const found = distributionOf([0, 0, 0.5, -0.25, 1, -1]);
    expect(found).toMatchObject({ metric: "m", dataset: "made", units: 6, equal: 2 });
    expect(found?.counts.reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(found?.edges).toHaveLength((found?.counts.length ?? 0) + 1);
  });

  it.each([
    ["spans both sides alike", [0.3, 0.1], [-0.3, 0.3]],
    ["takes a round width that is not smaller than a twentieth of the farthest", [0.0123], [-0.013, 0.013]],
    ["holds the farthest unit in its last bin", [2, -1], [-2, 2]],
  ])("%s", (_, differences, ends) => {
    const { edges = [], counts = [] } = distributionOf(differences) ?? {};
    expect([edges[0], edges.at(-1)]).toEqual(ends);
    expect(counts.length).toBeLessThanOrEqual(40);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(differences.length);
  });

  it("puts a difference on an edge into the bin that begins there", () => {
    const { edges = [], counts = [] } = distributionOf([1, 0.5, -0.5]) ?? {};
    const filled = counts.flatMap((count, bin) => (count > 0 ? [[edges[bin], edges[bin + 1]]] : []));
    expect(filled).toEqual([
      [-0.5, -0.45],
      [0.5, 0.55],
      [0.95, 1],
    ]);
  });

  it("has no bins where the arms are equal on every unit", () => {
    expect(distributionOf([0, 0])).toEqual({ metric: "m", dataset: "made", units: 2, equal: 2, edges: [], counts: [] });
  });

  it("is of the first metric with a gate, and passes over those without a difference for each unit", () => {
    expect(gatedFirst([{ metric: "b" }, { metric: "elsewhere" }], ["a", "b", "c"])).toEqual(["b", "a", "c"]);
    expect(firstDistribution(["a", "b"], "made", (metric) => (metric === "a" ? null : of([1])))).toMatchObject({ metric: "b" });
    expect(firstDistribution(["a"], "made", () => null)).toBeNull();
  });

  it("stands in the report of a comparison, and in none of a first version", () => {
    const candidate = around(0.5, 0.1, 40);
    const compared = reportOf(scoredTable({ candidate, baseline: around(0.4, 0.05, 40) }), [{ metric: "ndcg@10", noWorseThan: 0.1 }]);
    expect(compared.distribution).toMatchObject({ metric: "ndcg@10", dataset: "made", units: 40, equal: 0 });
    expect(compared.curves).toBeUndefined();
    const first = reportOf(scoredTable({ candidate, baseline: null }), [{ metric: "ndcg@10", atLeast: 0.1 }]);
    expect(first.distribution).toBeUndefined();
  });
});
