import fc from "fast-check";
import { expect, test } from "vitest";
import { clusteredMean } from "#domain/statistics/clustered-mean.ts";
import { exactSum } from "#domain/statistics/exact-sum.ts";
import { holm } from "#domain/statistics/holm.ts";
import { pairedT } from "#domain/statistics/paired-t.ts";
import { passIfUnchanged } from "#domain/statistics/pass-if-unchanged.ts";
import { relativeStatistic } from "#domain/statistics/relative-margin.ts";
import { wilsonInterval } from "#domain/statistics/wilson.ts";
import { zeroDifferenceHalfWidth } from "#domain/statistics/zero-difference.ts";

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const values = fc.array(value, { minLength: 2, maxLength: 40 });

test("an exact sum does not depend on the order, and equals whole numbers' sum", () => {
  fc.assert(
    fc.property(values, fc.infiniteStream(fc.nat()), (numbers, keys) => {
      const shuffled = numbers
        .map((number) => ({ number, key: keys.next().value }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ number }) => number);
      expect(exactSum(shuffled)).toBe(exactSum(numbers));
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1e6, max: 1e6 })), (numbers) => {
      expect(exactSum(numbers)).toBe(numbers.reduce((sum, number) => sum + number, 0));
    }),
  );
  expect(exactSum([1e100, 1, -1e100])).toBe(1);
  expect(exactSum(Array.from({ length: 10 }, () => 0.1))).toBe(1);
});

test("swapping the arms flips the sign of the mean and of t, and keeps the error", () => {
  fc.assert(
    fc.property(values, (differences) => {
      const there = clusteredMean(differences);
      const back = clusteredMean(differences.map((difference) => 0 - difference));
      expect(back.mean).toBe(0 - there.mean);
      expect(back.standardError).toBe(there.standardError);
    }),
  );
});

test("a cluster of one unit each is no cluster", () => {
  fc.assert(
    fc.property(values, (numbers) => {
      expect(
        clusteredMean(
          numbers,
          numbers.map((_, index) => String(index)),
        ),
      ).toEqual(clusteredMean(numbers));
    }),
  );
});

test("the relative statistic of a lower-is-better metric turns the sign", () => {
  expect(relativeStatistic([10], [10], 1.02, "lower")).toEqual([10.2 - 10]);
  expect(relativeStatistic([10], [10], 0.98, "higher")).toEqual([10 - 9.8]);
});

test("one-sided p-values add up to 1", () => {
  fc.assert(
    fc.property(values, (numbers) => {
      const found = pairedT(numbers);
      if (found !== null) expect(found.pGreater + found.pLess).toBeCloseTo(1, 12);
    }),
  );
});

test("Holm never lowers a p-value and keeps their order", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (ps) => {
      const adjusted = holm(ps);
      ps.forEach((p, index) => {
        expect(adjusted[index]).toBeGreaterThanOrEqual(p);
        ps.forEach((other, at) => {
          if (p < other) expect(adjusted[index]).toBeLessThanOrEqual(adjusted[at] ?? 0);
        });
      });
    }),
  );
});

test("Wilson's interval holds the observed share and narrows with more events", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (total, share) => {
      const successes = Math.round(total * share);
      const interval = wilsonInterval(successes, total);
      const wider = wilsonInterval(successes, total, 0.99);
      expect(interval?.lower).toBeLessThanOrEqual(successes / total);
      expect(interval?.upper).toBeGreaterThanOrEqual(successes / total);
      expect(wider?.lower).toBeLessThanOrEqual(interval?.lower ?? -1);
    }),
  );
});

test("thirty good requests leave a 90 % objective open, sixty meet it", () => {
  expect(wilsonInterval(30, 30)?.lower).toBeCloseTo(0.8865, 4);
  expect(wilsonInterval(60, 60)?.lower).toBeCloseTo(0.9398, 4);
});

test("when no unit differs, the half-width is the rule of three's exact form", () => {
  expect(zeroDifferenceHalfWidth(225, 1, 0.95)).toBeCloseTo(1 - 0.025 ** (1 / 225), 15);
  expect(zeroDifferenceHalfWidth(1000, 2, 0.95)).toBeCloseTo(0.00736, 5);
});

test("equal quality passes in 80 % of evaluations at the detectable margin, and in 2.5 % at none", () => {
  const detectable = 1.959963984540054 + 0.8416212335729143;
  expect(passIfUnchanged(detectable, 1, 0.95)).toBeCloseTo(0.8, 12);
  expect(passIfUnchanged(0, 1, 0.95)).toBeCloseTo(0.025, 12);
  expect(passIfUnchanged(3, 1, 0.95, 3)).toBeLessThan(passIfUnchanged(3, 1, 0.95));
});
