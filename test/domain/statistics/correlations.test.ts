import { describe, expect, it } from "vitest";
import { type Constant, type InfluencedCorrelation, pearson } from "#domain/statistics/influenced-correlation.ts";
import { kendallTauB } from "#domain/statistics/kendall.ts";
import { spearman } from "#domain/statistics/spearman.ts";

const correlations = { pearson, spearman, kendallTauB } as const;

/** Small whole numbers: most values come several times. */
const first = Array.from({ length: 40 }, (_, row) => (row * row) % 11);
const second = first.map((value, row) => Math.floor((value + ((row * 7) % 9)) / 3));
const weights = first.map((_, row) => 1 + (row % 3));

function found(answer: InfluencedCorrelation | Constant): InfluencedCorrelation {
  if ("constant" in answer) throw new Error(`${answer.constant} does not vary`);
  return answer;
}

describe.each(Object.entries(correlations))("%s", (_, correlation) => {
  it("has the influences of a numerical derivative by the rows' weights, with ties and weights", () => {
    const { influences } = found(correlation(first, second, weights));
    const step = 1e-6;
    const total = weights.reduce((sum, own) => sum + own, 0);
    influences.forEach((influence, row) => {
      const moved = (by: number): number =>
        found(
          correlation(
            first,
            second,
            weights.map((own, other) => (other === row ? own + by : own)),
          ),
        ).value;
      expect((total * (moved(step) - moved(-step))) / (2 * step)).toBeCloseTo(influence, 4);
    });
  });

  it("counts a row of weight 2 as two rows", () => {
    const twice = (values: readonly number[]) => values.flatMap((value, row) => Array.from({ length: weights[row] ?? 0 }, () => value));
    expect(found(correlation(first, second, weights)).value).toBeCloseTo(found(correlation(twice(first), twice(second), null)).value, 12);
  });

  it("is turned round with a column, and is 1 of a column with itself", () => {
    const { value } = found(correlation(first, second, null));
    const turned = second.map((own) => -own);
    expect(found(correlation(first, turned, null)).value).toBeCloseTo(-value, 12);
    expect(found(correlation(first, first, null)).value).toBeCloseTo(1, 12);
  });

  it("says which column does not vary", () => {
    expect(correlation([3, 3, 3], [1, 2, 3], null)).toEqual({ constant: "first" });
    expect(correlation([1, 2, 3], [3, 3, 3], null)).toEqual({ constant: "second" });
  });
});

it("Kendall's tau-b counts pairs: of four rows one pair in the wrong order and one tied in the first column", () => {
  // Pairs: 5 told apart by the first, 6 by the second; 4 in the same order, 1 in the opposite one.
  expect(found(kendallTauB([1, 1, 2, 3], [1, 2, 4, 3], null)).value).toBeCloseTo((4 - 1) / Math.sqrt(5 * 6), 12);
});
