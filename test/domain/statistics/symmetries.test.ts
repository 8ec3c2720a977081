import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { averagePrecision, averagePrecisionDifference } from "#domain/statistics/average-precision.ts";
import { clusteredMean } from "#domain/statistics/clustered-mean.ts";
import { aucDifference, aucInfluence, aucPlacements, delong } from "#domain/statistics/delong.ts";
import { pairedQuantileDifference, quantileInterval, quantileOf, quantileRanks } from "#domain/statistics/quantile.ts";
import { fiellerInterval, ratioOfSums } from "#domain/statistics/ratio.ts";
import { fiellerLift, relativeLift } from "#domain/statistics/relative-lift.ts";
import { tInterval } from "#domain/statistics/t-interval.ts";

const score = fc.integer({ min: 0, max: 20 }).map((level) => level / 20);
const scoredRow = fc.record({ positive: fc.boolean(), candidate: score, baseline: score, cluster: fc.constantFrom("a", "b", "c", "d") });
const bothClasses = fc
  .array(scoredRow, { minLength: 6, maxLength: 40 })
  .filter((rows) => rows.filter(({ positive }) => positive).length > 1 && rows.filter(({ positive }) => !positive).length > 1);
const pair = fc.record({ candidate: fc.double({ min: 1, max: 10, noNaN: true }), baseline: fc.double({ min: 1, max: 10, noNaN: true }) });
const pairs = fc.array(pair, { minLength: 3, maxLength: 30 });

describe("area under the curve", () => {
  test("is the share of pairs that are in order, ties half", () => {
    fc.assert(
      fc.property(bothClasses, (rows) => {
        const positives = rows.filter(({ positive }) => positive);
        const negatives = rows.filter(({ positive }) => !positive);
        const won = positives.flatMap((p) => negatives.map((n) => (Math.sign(p.candidate - n.candidate) + 1) / 2));
        const found = aucPlacements(
          rows.map(({ positive }) => positive),
          rows.map(({ candidate }) => candidate),
        );
        expect(found?.auc).toBeCloseTo(won.reduce((sum, win) => sum + win, 0) / won.length, 12);
      }),
    );
  });

  test("does not see a scaling of the scores, and swapping the arms flips the difference", () => {
    fc.assert(
      fc.property(bothClasses, (rows) => {
        const positive = rows.map((row) => row.positive);
        const [candidate, baseline] = [rows.map((row) => row.candidate), rows.map((row) => row.baseline)];
        const clusters = rows.map((row) => row.cluster);
        const there = aucDifference(positive, candidate, baseline, clusters);
        const back = aucDifference(positive, baseline, candidate, clusters);
        const scaled = aucDifference(
          positive,
          candidate.map((value) => 3 * value + 7),
          baseline,
          clusters,
        );
        expect(scaled).toEqual(there);
        expect(back?.mean).toBeCloseTo(-(there?.mean ?? 0), 12);
        expect(back?.standardError ?? -1).toBeCloseTo(there?.standardError ?? -1, 12);
      }),
    );
  });

  test("a whole-number weight is worth as many equal rows of one cluster", () => {
    fc.assert(
      fc.property(bothClasses, fc.infiniteStream(fc.integer({ min: 1, max: 3 })), (rows, stream) => {
        const weights = rows.map(() => stream.next().value ?? 1);
        const repeated = rows.flatMap((row, index) => Array.from({ length: weights[index] ?? 1 }, () => row));
        const arms = (list: typeof rows) =>
          [list.map((r) => r.positive), list.map((r) => r.candidate), list.map((r) => r.baseline), list.map((r) => r.cluster)] as const;
        const weighted = aucDifference(...arms(rows), weights);
        const plain = aucDifference(...arms(repeated));
        expect(weighted?.mean).toBeCloseTo(plain?.mean ?? -1, 12);
        expect(weighted?.standardError ?? -1).toBeCloseTo(plain?.standardError ?? -1, 12);
        const [p, c, b, cluster] = arms(rows);
        const precision = averagePrecisionDifference(p, c, b, cluster, weights);
        const plainPrecision = averagePrecisionDifference(...arms(repeated));
        expect(precision?.mean).toBeCloseTo(plainPrecision?.mean ?? -1, 12);
        expect(precision?.standardError ?? -1).toBeCloseTo(plainPrecision?.standardError ?? -1, 12);
      }),
    );
  });

  test("row by row, Obuchowski's variance is DeLong's but for the factors of small samples", () => {
    const rows = 4_000;
    const positive = Array.from({ length: rows }, (_, index) => index % 3 === 0);
    const scores = positive.map((is, index) => ((index * 7919) % 1009) / 1009 + (is ? 0.3 : 0));
    const arm = aucPlacements(positive, scores);
    const plain = arm === null ? null : delong(positive, arm, arm);
    const clustered = arm === null ? null : clusteredMean(aucInfluence(positive, arm)).standardError;
    expect((clustered ?? 0) ** 2 / (plain?.candidate ?? 1)).toBeCloseTo(1, 3);
  });

  test("has no value when a class is absent, and no error from a single row of a class", () => {
    expect(aucPlacements([true, true], [0.1, 0.2])).toBeNull();
    const arm = aucPlacements([true, false, false], [0.3, 0.2, 0.1]);
    expect(arm?.auc).toBe(1);
    expect(arm === null ? null : delong([true, false, false], arm, arm)).toBeNull();
    expect(averagePrecision([false, false], [0.1, 0.2])).toBeNull();
  });
});

describe("average precision", () => {
  test("equals the mean precision at the positives, and its influences are its derivatives by the weights", () => {
    fc.assert(
      fc.property(bothClasses, (rows) => {
        const positive = rows.map((row) => row.positive);
        const scores = rows.map((row) => row.candidate);
        const found = averagePrecision(positive, scores);
        const step = 1e-6;
        rows.forEach((_, changed) => {
          const more = averagePrecision(
            positive,
            scores,
            rows.map((__, index) => (index === changed ? 1 + step : 1)),
          );
          const slope = ((more?.value ?? 0) - (found?.value ?? 0)) / step;
          expect((found?.influences[changed] ?? Number.NaN) / rows.length).toBeCloseTo(slope, 4);
        });
        const mean = positive.flatMap((is, index) => {
          if (!is) return [];
          const listed = rows.filter((row) => row.candidate >= (scores[index] ?? 0));
          return [listed.filter((row) => row.positive).length / listed.length];
        });
        expect(found?.value).toBeCloseTo(mean.reduce((sum, value) => sum + value, 0) / mean.length, 12);
      }),
      { numRuns: 40 },
    );
  });
});

describe("ratios and lifts", () => {
  test("scale with their units, and their linearised interval approaches Fieller's", () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const [top, bottom] = [rows.map((row) => row.candidate), rows.map((row) => row.baseline)];
        const found = ratioOfSums(top, bottom);
        const scaled = ratioOfSums(
          top.map((value) => 8 * value),
          bottom.map((value) => 2 * value),
        );
        expect(scaled?.mean).toBeCloseTo(4 * (found?.mean ?? 0), 9);
        expect(scaled?.standardError ?? -1).toBeCloseTo(4 * (found?.standardError ?? 0), 9);
        const fieller = fiellerInterval(top, bottom, 0.95);
        if (fieller === null) return;
        expect(fieller.lower).toBeLessThanOrEqual((found?.mean ?? 0) + 1e-12);
        expect(fieller.upper).toBeGreaterThanOrEqual((found?.mean ?? 0) - 1e-12);
      }),
    );
  });

  test("a lift keeps its sign when the metric is negative, and does not see its units", () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const [candidate, baseline] = [rows.map((row) => row.candidate), rows.map((row) => row.baseline)];
        const there = relativeLift(candidate, baseline);
        const mirrored = relativeLift(
          candidate.map((value) => -5 * value),
          baseline.map((value) => -5 * value),
        );
        expect(mirrored?.mean ?? 0).toBeCloseTo(-(there?.mean ?? 0), 9);
        expect(mirrored?.standardError ?? -1).toBeCloseTo(there?.standardError ?? -1, 9);
        const fieller = fiellerLift(candidate, baseline, 0.95);
        const back = fiellerLift(
          candidate.map((value) => -value),
          baseline.map((value) => -value),
          0.95,
        );
        expect(back?.lower ?? 0).toBeCloseTo(-(fieller?.upper ?? 0), 9);
      }),
    );
  });

  test("have no answer when the baseline cannot be told from 0", () => {
    expect(relativeLift([1, 2, 3], [-1, 0, 1])).toBeNull();
    expect(fiellerInterval([1, 2, 3], [-1, 0, 1.1], 0.95)).toBeNull();
    expect(ratioOfSums([1, 2], [1, -1])).toBeNull();
    expect(relativeLift([1], [1])).toBeNull();
  });

  test("with one large sample, delta and Fieller agree", () => {
    const bottom = Array.from({ length: 3000 }, (_, index) => 5 + ((index * 37) % 101) / 50);
    const top = bottom.map((value, index) => value * (1 + ((index * 53) % 97) / 970));
    const found = ratioOfSums(top, bottom);
    const fieller = fiellerInterval(top, bottom, 0.95);
    const delta = tInterval(found?.mean ?? 0, found?.standardError ?? 0, found?.degreesOfFreedom ?? 1, 0.95);
    expect(fieller?.lower).toBeCloseTo(delta.lower, 6);
    expect(fieller?.upper).toBeCloseTo(delta.upper, 6);
  });
});

describe("quantiles", () => {
  const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 25, maxLength: 80 });

  test("shift and scale with the values, and the interval holds the quantile", () => {
    fc.assert(
      fc.property(values, fc.constantFrom(0.25, 0.5, 0.9), (numbers, q) => {
        const moved = numbers.map((value) => 3 * value + 11);
        expect(quantileOf(moved, q)).toBe(3 * quantileOf(numbers, q) + 11);
        const interval = quantileInterval(numbers, q, 0.95);
        expect(interval.lower).toBeLessThanOrEqual(quantileOf(numbers, q));
        expect(interval.upper).toBeGreaterThanOrEqual(quantileOf(numbers, q));
        const other = numbers.toReversed();
        const there = pairedQuantileDifference(numbers, other, q);
        const back = pairedQuantileDifference(other, numbers, q);
        expect(back.mean).toBeCloseTo(-there.mean, 9);
        expect(back.standardError ?? -1).toBeCloseTo(there.standardError ?? -1, 9);
      }),
    );
  });

  test("ranks are mirrored: the interval of the 10 % quantile from below is that of the 90 % from above", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 3000 }), fc.constantFrom(0.01, 0.1, 0.25), (units, q) => {
        const low = quantileRanks(units, q, 0.95);
        const high = quantileRanks(units, 1 - q, 0.95);
        expect(high.lower).toBe(low.upper === null ? null : units + 1 - low.upper);
        expect(high.upper).toBe(low.lower === null ? null : units + 1 - low.lower);
      }),
    );
  });

  test("identical arms differ by 0 without an error", () => {
    const arm = Array.from({ length: 50 }, (_, index) => index);
    expect(pairedQuantileDifference(arm, arm, 0.9)).toMatchObject({ mean: 0, standardError: 0 });
    expect(quantileOf([], 0.5)).toBeNaN();
    expect(quantileRanks(3, 0.99, 0.95)).toEqual({ lower: 2, upper: null });
  });
});
