import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { betaCdf, betaQuantile, betaUpper } from "#domain/statistics/beta.ts";
import { chiSquareCdf, chiSquareQuantile, chiSquareUpper, chiSquareUpperQuantile } from "#domain/statistics/chi-square.ts";
import { benjaminiYekutieli, bonferroni, hochberg, holmSidak, hommel, sidak } from "#domain/statistics/family-wise.ts";
import { holm } from "#domain/statistics/holm.ts";
import { gammaLower } from "#domain/statistics/incomplete-gamma.ts";
import { mannWhitney } from "#domain/statistics/mann-whitney.ts";
import { mcnemar } from "#domain/statistics/mcnemar.ts";
import { midRanks } from "#domain/statistics/mid-ranks.ts";
import { newcombeInterval } from "#domain/statistics/proportion-difference.ts";
import { clopperPearsonInterval } from "#domain/statistics/proportion-intervals.ts";
import { rootBetween } from "#domain/statistics/root.ts";
import { shrunkenEffects } from "#domain/statistics/shrinkage.ts";
import { signTest } from "#domain/statistics/sign-test.ts";
import { welchT } from "#domain/statistics/welch-t.ts";
import { wilcoxon } from "#domain/statistics/wilcoxon.ts";

describe("tests that count", () => {
  const differences = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 30 });

  test("swapping the arms keeps the two-sided p", () => {
    fc.assert(
      fc.property(differences, differences, (first, second) => {
        const mirrored = first.map((value) => 0 - value);
        expect(signTest(mirrored).pTwoSided).toBe(signTest(first).pTwoSided);
        expect(wilcoxon(mirrored)?.pTwoSided).toBe(wilcoxon(first)?.pTwoSided);
        expect(mcnemar(first.length, second.length).pExact).toBe(mcnemar(second.length, first.length).pExact);
        expect(mannWhitney(first, second)?.pTwoSided).toBe(mannWhitney(second, first)?.pTwoSided);
        expect(welchT(first, second)?.pTwoSided).toBe(welchT(second, first)?.pTwoSided);
      }),
    );
  });

  test("mid-ranks add up to n (n + 1) / 2 and keep the order", () => {
    fc.assert(
      fc.property(differences, (values) => {
        const { ranks, ties } = midRanks(values);
        expect(ranks.reduce((sum, rank) => sum + rank, 0)).toBe((values.length * (values.length + 1)) / 2);
        expect(ties.reduce((sum, size) => sum + size, 0)).toBe(values.length);
        values.forEach((value, index) => {
          values.forEach((other, at) => expect(Math.sign((ranks[index] ?? 0) - (ranks[at] ?? 0))).toBe(Math.sign(value - other)));
        });
      }),
    );
  });
});

test("no adjustment lowers a p-value, and each is at most Bonferroni's, or Benjamini and Yekutieli's", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 15 }), (ps) => {
      for (const adjust of [sidak, holmSidak, hochberg, hommel, holm, benjaminiYekutieli]) {
        const most = adjust === benjaminiYekutieli ? ps.map(() => 1) : bonferroni(ps);
        adjust(ps).forEach((p, index) => {
          expect(p).toBeGreaterThanOrEqual((ps[index] ?? 0) * (1 - 1e-12));
          expect(p).toBeLessThanOrEqual((most[index] ?? 0) * (1 + 1e-12));
        });
      }
      hommel(ps).forEach((p, index) => expect(p).toBeLessThanOrEqual((hochberg(ps)[index] ?? 0) * (1 + 1e-12)));
    }),
  );
});

test("intervals of shares are mirrored when success and failure swap, and of differences when the arms do", () => {
  const count = fc
    .integer({ min: 1, max: 400 })
    .chain((total) => fc.record({ total: fc.constant(total), successes: fc.integer({ min: 0, max: total }) }));
  fc.assert(
    fc.property(count, count, (first, second) => {
      const interval = clopperPearsonInterval(first.successes, first.total);
      const mirrored = clopperPearsonInterval(first.total - first.successes, first.total);
      expect(mirrored?.lower ?? -1).toBeCloseTo(1 - (interval?.upper ?? -1), 10);
      const there = newcombeInterval(first, second);
      const back = newcombeInterval(second, first);
      expect(back?.lower ?? -1).toBeCloseTo(-(there?.upper ?? -1), 12);
    }),
  );
});

test("shrinking pulls towards 0, never past it", () => {
  const slices = fc.array(
    fc.record({ effect: fc.double({ min: -1, max: 1, noNaN: true }), variance: fc.double({ min: 1e-4, max: 1, noNaN: true }) }),
    {
      minLength: 2,
      maxLength: 20,
    },
  );
  fc.assert(
    fc.property(slices, (rows) => {
      const effects = rows.map(({ effect }) => effect);
      const { shrunken, betweenVariance } = shrunkenEffects(
        effects,
        rows.map(({ variance }) => variance),
      );
      expect(betweenVariance).toBeGreaterThanOrEqual(0);
      shrunken.forEach((value, index) => {
        expect(Math.abs(value)).toBeLessThanOrEqual(Math.abs(effects[index] ?? 0));
        expect(value * (effects[index] ?? 0)).toBeGreaterThanOrEqual(0);
      });
    }),
  );
});

describe("distributions", () => {
  const probability = fc.double({ min: 1e-12, max: 1 - 1e-9, noNaN: true });
  const degrees = fc.double({ min: 0.5, max: 5000, noNaN: true });

  test("a quantile is where the distribution function has the probability", () => {
    fc.assert(
      fc.property(probability, degrees, degrees, (p, first, second) => {
        expect(chiSquareCdf(chiSquareQuantile(p, first), first) / p).toBeCloseTo(1, 8);
        expect(chiSquareUpper(chiSquareUpperQuantile(p, first), first) / p).toBeCloseTo(1, 8);
        const x = betaQuantile(p, first, second);
        if (x > 1e-100 && x < 1 - 1e-6) expect(betaCdf(x, first, second) / p).toBeCloseTo(1, 6);
      }),
    );
  });

  test("both tails add up to 1, and a larger shape has less below", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), degrees, degrees, (x, first, second) => {
        expect(betaCdf(x, first, second) + betaUpper(x, first, second)).toBeCloseTo(1, 9);
        expect(gammaLower(first + 1, second)).toBeLessThanOrEqual(gammaLower(first, second));
      }),
    );
  });

  test("a root is found to the last digits, and only between different signs", () => {
    expect(rootBetween(0, 2, (x) => x * x - 2)).toBeCloseTo(Math.SQRT2, 15);
    expect(rootBetween(-4, 9, Math.atan)).toBeCloseTo(0, 15);
    expect(rootBetween(0, 1, (x) => x + 1)).toBeNull();
    expect(rootBetween(0, 1, (x) => x)).toBe(0);
  });
});
