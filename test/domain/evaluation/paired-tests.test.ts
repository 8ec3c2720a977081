import { describe, expect, test } from "vitest";
import { pairedTests } from "#domain/evaluation/paired-tests.ts";
import { rowMeasurements } from "#domain/evaluation/rows/row-measurements.ts";
import { testNotes } from "#domain/report/measured-text.ts";
import { reportOf, scoredTable } from "#test/support/report-request.ts";
import { rowTable } from "#test/support/row-table.ts";

const candidate = [0.52, 0.6, 0.4, 0.75, 0.81, 0.5, 0.57, 0.71, 0.45, 0.69];
const baseline = [0.5, 0.61, 0.33, 0.72, 0.8, 0.45, 0.58, 0.66, 0.39, 0.7];

describe("the sign-flip test of few units", () => {
  test("stands beside the t interval of a ranking metric: 21 of 1,024 flips are as large, on either side", () => {
    const [measured] = reportOf(scoredTable({ candidate, baseline }), []).measurements;
    expect(measured?.difference?.smallSample).toEqual({ method: "sign-flip", p: 42 / 1024, exact: true });
    expect(testNotes(measured?.difference ?? {})).toEqual(["few units: sign-flip p 0.041"]);
  });

  test("and of a mean over rows", () => {
    const table = rowTable("regression", ["mae"], { truth: candidate.map(() => 0), candidate, baseline });
    const [measured] = rowMeasurements(table, [], { name: "made", digest: "made" }, "no-baseline").measurements;
    expect(measured?.difference?.smallSample).toEqual({ method: "sign-flip", p: 42 / 1024, exact: true });
  });

  test("takes clusters for units, and is silent from 50 of them on and where nothing differs", () => {
    const differences = Array.from({ length: 100 }, (_, unit) => (unit % 3) - 0.9);
    const few = pairedTests({ differences, clusters: differences.map((_, unit) => String(unit % 49)), plain: null }, "seed");
    const enough = pairedTests({ differences, clusters: differences.map((_, unit) => String(unit % 50)), plain: null }, "seed");
    expect([few.smallSample?.exact, enough]).toEqual([false, {}]);
    expect(pairedTests({ differences: [0, 0, 0], clusters: null, plain: null }, "seed")).toEqual({});
  });
});

describe("McNemar's test of units that are right or wrong", () => {
  const right = (...places: readonly number[]): readonly number[] =>
    Array.from({ length: 60 }, (_, unit) => (places.includes(unit) ? 1 : 0));

  test("counts the units on which one arm alone is right: 6 against 1 have an exact p of 16 / 128", () => {
    const arms = { candidate: right(1, 2, 3, 4, 5, 6, 20), baseline: right(7, 20) };
    const [measured] = reportOf(scoredTable(arms, {}, "hit_rate@10"), []).measurements;
    expect(measured?.difference).toMatchObject({ discordant: { method: "mcnemar-exact", candidateOnly: 6, baselineOnly: 1, p: 0.125 } });
    expect(testNotes(measured?.difference ?? {})).toEqual(["on 6 units the candidate alone, on 1 the baseline alone: McNemar p 0.13"]);
  });

  test("and the rows of a classifier, which are the same however the mean was taken", () => {
    const truth = right(...Array.from({ length: 30 }, (_, row) => row));
    const guess = (wrong: readonly number[]): readonly number[] => truth.map((label, row) => (wrong.includes(row) ? 1 - label : label));
    const table = rowTable("classification", ["accuracy"], {
      truth,
      candidate: guess([1, 40, 41]),
      baseline: guess([1, 2, 3, 4, 5, 6, 7]),
    });
    const [measured] = rowMeasurements(table, [], { name: "made", digest: "made" }, "no-baseline").measurements;
    expect(measured?.difference).toMatchObject({ discordant: { candidateOnly: 6, baselineOnly: 2 } });
  });

  test("is not taken of other values, nor of units that depend on each other", () => {
    const plain = { candidate: [1, 0.5], baseline: [0, 1] };
    expect(pairedTests({ differences: [1, -0.5], clusters: null, plain }, null)).toEqual({});
    expect(pairedTests({ differences: [1, -1], clusters: ["a", "a"], plain: null }, null)).toEqual({});
  });
});
