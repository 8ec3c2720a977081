import { describe, expect, it } from "vitest";
import { meanOverPairs } from "#domain/statistics/mean-over-pairs.ts";

const distance = (a: number, b: number): number => Math.abs(a - b);

describe("the mean over pairs", () => {
  it("is that of all pairs where they are few", () => {
    // 1 + 2 + 3 + 1 + 2 + 1 over six pairs of 0, 1, 2, 3.
    expect(meanOverPairs(4, distance, 6, "seed")).toBeCloseTo(10 / 6, 15);
    expect(meanOverPairs(2, distance, 1, "seed")).toBe(1);
  });

  it("is null for fewer than two units", () => {
    expect(meanOverPairs(1, distance, 10, "seed")).toBeNull();
    expect(meanOverPairs(0, distance, 10, "seed")).toBeNull();
  });

  it("draws no unit together with itself, and every pair alike", () => {
    const counts = new Map<string, number>();
    const count = (a: number, b: number): number => {
      const pair = `${Math.min(a, b)} ${Math.max(a, b)}`;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
      return 0;
    };
    // Ten units have 45 pairs: one more than may be looked at, so 44 are drawn for each seed.
    for (let seed = 0; seed < 1000; seed += 1) meanOverPairs(10, count, 44, `seed ${seed}`);
    expect(counts.size).toBe(45);
    const expected = 44_000 / 45;
    const chiSquare = [...counts.values()].reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0);
    // The 99.9 % point of chi-square with 44 degrees of freedom.
    expect(chiSquare).toBeLessThan(78.75);
    expect([...counts.keys()].filter((pair) => pair[0] === pair[2])).toEqual([]);
  });

  it("is drawn by the seed alone, and comes within its error of the mean of all pairs", () => {
    const drawn = meanOverPairs(1000, (a, b) => distance(a, b) / 999, 40_000, "one");
    expect(meanOverPairs(1000, (a, b) => distance(a, b) / 999, 40_000, "one")).toBe(drawn);
    expect(meanOverPairs(1000, (a, b) => distance(a, b) / 999, 40_000, "two")).not.toBe(drawn);
    // All pairs of 0 … n - 1 are (n + 1) / 3 apart on average; the error of 40,000 draws is below 0.0025.
    expect(Math.abs((drawn ?? Number.NaN) - 1001 / 3 / 999)).toBeLessThan(0.0075);
  });
});
