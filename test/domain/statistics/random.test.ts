import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { percentileInterval } from "#domain/statistics/bootstrap-interval.ts";
import { exactSum } from "#domain/statistics/exact-sum.ts";
import { poissonBootstrap } from "#domain/statistics/poisson-bootstrap.ts";
import { hashOf, mix, randomFrom, randomFromState } from "#domain/statistics/random.ts";
import { signFlipTest } from "#domain/statistics/sign-flip.ts";
import { meanOf, varianceOf } from "#domain/statistics/variance.ts";

describe("the stream", () => {
  test("is xoshiro128++: the authors' first ten words from state 1, 2, 3, 4", () => {
    const { word } = randomFromState([1, 2, 3, 4]);
    const published = [641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420];
    expect(Array.from({ length: 10 }, word)).toEqual(published);
  });

  test("is the same for a seed and another for another", () => {
    const first = (seed: string): readonly number[] => Array.from({ length: 5 }, randomFrom(seed).word);
    expect(first("a")).toEqual(first("a"));
    expect(first("a")).not.toEqual(first("b"));
    expect(hashOf("")).not.toBe(hashOf("\0"));
  });

  test("shares are spread evenly from 0 to below 1", () => {
    const { share } = randomFrom("even");
    const shares = Array.from({ length: 100_000 }, share);
    expect(meanOf(shares)).toBeCloseTo(0.5, 2);
    expect(varianceOf(shares)).toBeCloseTo(1 / 12, 3);
    expect(shares.every((drawn) => drawn >= 0 && drawn < 1)).toBe(true);
  });

  test("mixing loses no word: it can be undone", () => {
    const seen = new Set(Array.from({ length: 100_000 }, (_, word) => mix(word * 42_949)));
    expect(seen.size).toBe(100_000);
  });
});

describe("Poisson bootstrap", () => {
  const drawn = (clusters: number, replicates: number, seed: string): readonly (readonly number[])[] => {
    const rows: number[][] = [];
    poissonBootstrap(clusters, replicates, seed, (weights) => rows.push([...weights]));
    return rows;
  };

  test("weights have mean 1 and variance 1, over clusters and over replicates", () => {
    const rows = drawn(2_000, 500, "weights");
    const all = rows.flat();
    expect(meanOf(all)).toBeCloseTo(1, 2);
    expect(varianceOf(all)).toBeCloseTo(1, 2);
    const ofOneCluster = rows.map((row) => row[7] ?? 0);
    expect(Math.abs(meanOf(ofOneCluster) - 1)).toBeLessThan(0.15);
    expect(Math.abs(varianceOf(ofOneCluster) - 1)).toBeLessThan(0.25);
  });

  test("weights of neighbouring clusters, and of neighbouring replicates, know nothing of each other", () => {
    const rows = drawn(400, 400, "independence");
    const next = rows.flatMap((row) => row.slice(1).map((weight, index) => (weight - 1) * ((row[index] ?? 0) - 1)));
    const later = rows
      .slice(1)
      .flatMap((row, replicate) => row.map((weight, index) => (weight - 1) * ((rows[replicate]?.[index] ?? 0) - 1)));
    expect(Math.abs(meanOf(next))).toBeLessThan(0.012);
    expect(Math.abs(meanOf(later))).toBeLessThan(0.012);
  });

  test("the chance of each weight is Poisson's", () => {
    const all = drawn(2_000, 200, "chances").flat();
    [0.36788, 0.36788, 0.18394, 0.06131, 0.01533].forEach((chance, weight) => {
      expect(Math.abs(all.filter((drawnWeight) => drawnWeight === weight).length / all.length - chance)).toBeLessThan(0.003);
    });
  });

  test("a replicate's weights follow the cluster, whatever the order of the rows", () => {
    const clusters = ["b", "a", "c", "a", "b"];
    const order = [3, 1, 4, 0, 2];
    const inOrder: string[] = [];
    const shuffled: string[] = [];
    poissonBootstrap(clusters, 20, "s", (weights) => inOrder.push(order.map((row) => weights[row]).join()));
    poissonBootstrap(
      order.map((row) => clusters[row] ?? ""),
      20,
      "s",
      (weights) => shuffled.push([...weights].join()),
    );
    expect(shuffled).toEqual(inOrder);
    poissonBootstrap(clusters, 3, "s", (weights) => {
      expect(weights[0]).toBe(weights[4]);
      return 0;
    });
  });

  test("the error of a mean is the plug-in error", () => {
    const { share } = randomFrom("values");
    const values = Array.from({ length: 300 }, share);
    const replicates = poissonBootstrap(values.length, 4_000, "error", (weights) => {
      let [sum, total] = [0, 0];
      values.forEach((value, index) => {
        sum += value * (weights[index] ?? 0);
        total += weights[index] ?? 0;
      });
      return sum / total;
    });
    const plugIn = Math.sqrt(varianceOf(values) / values.length);
    expect(Math.sqrt(varianceOf(replicates)) / plugIn).toBeCloseTo(1, 1);
  });

  test("has no interval when more than 1 % of the replicates have no value", () => {
    const replicates = Array.from({ length: 1000 }, (_, index) => (index < 11 ? Number.NaN : index));
    expect(percentileInterval(replicates, 0.95)).toBeNull();
    expect(percentileInterval([...replicates.slice(1), 5], 0.95)).not.toBeNull();
    expect(percentileInterval([], 0.95)).toBeNull();
  });
});

describe("sign flips", () => {
  const differences = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 9 });

  test("the exact p counts every flip, as plain enumeration does", () => {
    fc.assert(
      fc.property(differences, (values) => {
        const sum = values.reduce((total, value) => total + value, 0);
        let atLeast = 0;
        for (let flip = 0; flip < 2 ** values.length; flip += 1) {
          const flipped = values.reduce((total, value, index) => total + ((flip >>> index) & 1 ? -value : value), 0);
          if (flipped >= sum) atLeast += 1;
        }
        expect(signFlipTest(values, "unused").pGreater).toBe(atLeast / 2 ** values.length);
      }),
    );
  });

  test("drawn flips come close to the exact p, never give 0, and do not depend on the order", () => {
    const values = [0.3, -0.1, 0.2, 0.4, -0.2, 0.1, 0.25, 0.3, -0.05, 0.15, 0.2, 0.1];
    const padded = [...values, ...Array.from({ length: 9 }, () => 0)];
    const exact = signFlipTest(values, "unused");
    const drawn = signFlipTest(padded, "seed", 40_000);
    expect(drawn.exact).toBe(false);
    expect(Math.abs(drawn.pGreater - exact.pGreater)).toBeLessThan(0.002);
    expect(signFlipTest(padded.toReversed(), "seed", 40_000)).toEqual(drawn);
    expect(
      signFlipTest(
        Array.from({ length: 30 }, () => 1),
        "seed",
        999,
      ).pGreater,
    ).toBe(1 / 1000);
    expect(
      signFlipTest(
        Array.from({ length: 30 }, () => 0),
        "seed",
        99,
      ).pTwoSided,
    ).toBe(1);
  });
});

test("an exact sum is the rational sum, rounded once, however the values differ in size", () => {
  const term = fc.tuple(fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }), fc.integer({ min: 0, max: 200 }));
  fc.assert(
    fc.property(fc.array(term, { maxLength: 30 }), (terms) => {
      const rational = terms.reduce((sum, [whole, shift]) => sum + (whole << BigInt(shift)), 0n);
      expect(exactSum(terms.map(([whole, shift]) => Number(whole) * 2 ** shift))).toBe(Number(rational));
    }),
    { numRuns: 500 },
  );
});
