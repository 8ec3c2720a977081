/**
 * How often intervals hold the truth, in ten thousand seeded evaluations of each size and shape. The figures stand in docs/statistics.md,
 * which the last test holds to them; `UPDATE_DOCS=1 npm run test:statistics` writes them there.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { averagePrecisionDifference } from "#domain/statistics/average-precision.ts";
import { binomialProbability } from "#domain/statistics/binomial.ts";
import { percentileInterval } from "#domain/statistics/bootstrap-interval.ts";
import { clusteredMean, type MeanEstimate } from "#domain/statistics/clustered-mean.ts";
import { aucPlacements, delong } from "#domain/statistics/delong.ts";
import { normalQuantile } from "#domain/statistics/normal.ts";
import { poissonBootstrap } from "#domain/statistics/poisson-bootstrap.ts";
import { pairedQuantileDifference, quantileInterval, quantileRanks } from "#domain/statistics/quantile.ts";
import { type Random, randomFrom } from "#domain/statistics/random.ts";
import { ratioOfSums } from "#domain/statistics/ratio.ts";
import { relativeLift } from "#domain/statistics/relative-lift.ts";
import { studentTQuantile } from "#domain/statistics/student-t.ts";
import { wilsonInterval } from "#domain/statistics/wilson.ts";
import { type Cell, coverageOf, coverageTable, type Figure, sizes } from "#test/statistics/coverage-table.ts";
import { drawOfMeanOne, type Shape, scoresOf, shapes, trueQuantile } from "#test/statistics/draws.ts";

const evaluations = 10_000;
const figures: Figure[] = [];

/** Counts how often an evaluation, drawn from its own stream, holds the truth. */
function cell(name: string, size: number, total: number, holds: (random: Random) => boolean): Cell {
  const random = randomFrom(`${name}/${size}`);
  let held = 0;
  for (let evaluation = 0; evaluation < total; evaluation += 1) if (holds(random)) held += 1;
  return { size, held, total };
}

function figure(method: string, data: string, total: number, holdsAt: (size: number) => (random: Random) => boolean): Figure {
  const made = { method, data, cells: sizes.map((size) => cell(`${method}/${data}`, size, total, holdsAt(size))) };
  figures.push(made);
  return made;
}

function tHolds(estimate: MeanEstimate | null, truth: number, critical: number): boolean {
  return Math.abs((estimate?.mean ?? Number.NaN) - truth) <= critical * (estimate?.standardError ?? Number.NaN);
}

const drawn = (random: Random, shape: Shape, count: number): number[] => Array.from({ length: count }, () => drawOfMeanOne(random, shape));

/** From 225 clusters on within a point of 95 %; at 30, where the t interval is a small-sample one, figures only. */
function expectNear95(made: Figure): void {
  for (const known of made.cells.filter(({ size }) => size >= 225)) {
    expect(Math.abs(coverageOf(known) - 95), `${made.method}, ${made.data}, ${known.size}: ${coverageOf(known)} %`).toBeLessThanOrEqual(1);
  }
}

const critical = new Map(sizes.map((size) => [size as number, studentTQuantile(0.975, size - 1)]));
const criticalAt = (size: number): number => critical.get(size) ?? Number.NaN;

describe.each(shapes)("with differences that are %s, from 225 clusters 95 % ± 1 hold the truth:", (shape) => {
  test("the mean of paired differences (F1)", () => {
    expectNear95(
      figure(
        "paired t (F1)",
        shape,
        evaluations,
        (size) => (random) => tHolds(clusteredMean(drawn(random, shape, size)), 1, criticalAt(size)),
      ),
    );
  });

  test("the mean in clusters of one to three units (F2)", () => {
    expectNear95(
      figure("clustered mean (F2)", shape, evaluations, (size) => {
        const clusters = Array.from({ length: size }, (_, cluster) =>
          Array.from({ length: 1 + (cluster % 3) }, () => String(cluster)),
        ).flat();
        return (random) => {
          const shared = drawn(random, shape, size);
          const values = clusters.map((cluster) => 0.7 * (shared[Number(cluster)] ?? 0) + 0.3 * drawOfMeanOne(random, shape));
          return tHolds(clusteredMean(values, clusters), 1, criticalAt(size));
        };
      }),
    );
  });

  test("a ratio of sums (F3)", () => {
    expectNear95(
      figure("ratio (F3)", shape, evaluations, (size) => (random) => {
        const denominators = drawn(random, "skewed", size).map((draw) => 1 + draw);
        const numerators = denominators.map((denominator) => 0.4 * denominator + 0.6 * drawOfMeanOne(random, shape));
        return tHolds(ratioOfSums(numerators, denominators), 0.7, criticalAt(size));
      }),
    );
  });

  test("a relative lift (F3)", () => {
    expectNear95(
      figure("relative lift (F3)", shape, evaluations, (size) => (random) => {
        const baseline = drawn(random, shape, size).map((draw) => 2 + draw);
        const candidate = baseline.map((value) => 0.9 * value + 0.5 * drawOfMeanOne(random, shape));
        return tHolds(relativeLift(candidate, baseline), 3.2 / 3 - 1, criticalAt(size));
      }),
    );
  });

  test("the difference of two AUCs (F5)", () => {
    const z = normalQuantile(0.975);
    expectNear95(
      figure("AUC difference, DeLong (F5)", shape, evaluations, (size) => (random) => {
        const { positive, candidate, baseline } = scored(random, shape, size);
        const [c, b] = [aucPlacements(positive, candidate), aucPlacements(positive, baseline)];
        if (c === null || b === null) return false;
        return Math.abs(c.auc - b.auc) <= z * (delong(positive, c, b)?.difference ?? Number.NaN);
      }),
    );
  });

  test("order statistics hold the 90 % quantile as often as enumeration says (F6)", () => {
    const made = figure("order statistics, q = 0.9 (F6)", shape, evaluations, (size) => {
      const truth = trueQuantile(shape, 0.9, normalQuantile) ?? Number.NaN;
      return (random) => {
        const { lower, upper } = quantileInterval(drawn(random, shape, size), 0.9, 0.95);
        return lower <= truth && truth <= upper;
      };
    });
    enumerate(made, (size) => {
      const { lower, upper } = quantileRanks(size, 0.9, 0.95);
      return chanceOf(size, 0.9, (below) => below >= (lower ?? 0) && below < (upper ?? size + 1));
    });
  });
});

test.each([0.5, 0.9, 0.99])("Wilson's interval holds a share of %s as often as enumeration says", (share) => {
  const made = figure("Wilson", `share ${share}`, evaluations, (size) => (random) => {
    let successes = 0;
    for (let event = 0; event < size; event += 1) if (random.share() < share) successes += 1;
    return wilsonHolds(successes, size, share);
  });
  enumerate(made, (size) => chanceOf(size, share, (successes) => wilsonHolds(successes, size, share)));
});

test("bootstrap percentiles hold the mean in at least 93 % from 225 clusters (F7)", () => {
  const replicates = 200;
  const made = sizes.map((size) => {
    const random = randomFrom(`bootstrap/${size}`);
    const held = shapes.map(() => 0);
    for (let evaluation = 0; evaluation < evaluations; evaluation += 1) {
      const samples = shapes.map((shape) => Float64Array.from(drawn(random, shape, size)));
      bootstrapMeans(samples, replicates, `bootstrap/${size}/${evaluation}`).forEach((means, index) => {
        const interval = percentileInterval(means, 0.95);
        if (interval !== null && interval.lower <= 1 && 1 <= interval.upper) held[index] = (held[index] ?? 0) + 1;
      });
    }
    return held.map((count): Cell => ({ size, held: count, total: evaluations }));
  });
  shapes.forEach((data, index) => {
    const cells = made.flatMap((bySize) => bySize[index] ?? []);
    figures.push({ method: `Poisson bootstrap of a mean, ${replicates} replicates (F7)`, data, cells });
    for (const known of cells.filter(({ size }) => size >= 225)) expect(coverageOf(known)).toBeGreaterThanOrEqual(93);
  });
});

describe.each(shapes)("with scores and values that are %s, a fifth of the evaluations:", (shape) => {
  test("the linearised difference of average precisions holds the truth in at least 92 % from 225 rows", () => {
    const made = figure("average precision difference, 2,000 evaluations", shape, evaluations / 5, (size) => (random) => {
      const { positive, candidate, baseline } = scored(random, shape, size);
      return tHolds(averagePrecisionDifference(positive, candidate, baseline), 0, criticalAt(size));
    });
    for (const known of made.cells.filter(({ size }) => size >= 225)) expect(coverageOf(known)).toBeGreaterThanOrEqual(92);
  });

  test("the paired difference of 90 % quantiles holds the truth in 93 to 98.5 % from 225 units", () => {
    const made = figure("paired quantile difference, q = 0.9, 2,000 evaluations", shape, evaluations / 5, (size) => (random) => {
      const shared = drawn(random, shape, size);
      const arm = (): number[] => shared.map((value) => value + 0.5 * drawOfMeanOne(random, "normal"));
      return tHolds(pairedQuantileDifference(arm(), arm(), 0.9), 0, criticalAt(size));
    });
    for (const known of made.cells.filter(({ size }) => size >= 225)) {
      expect(coverageOf(known)).toBeGreaterThanOrEqual(93);
      expect(coverageOf(known)).toBeLessThanOrEqual(98.5);
    }
  });
});

test("docs/statistics.md says these figures", () => {
  const page = join(import.meta.dirname, "..", "..", "docs", "statistics.md");
  const region = /(?<=<!-- coverage -->\n\n)[\s\S]*?(?=\n\n<!-- \/coverage -->)/;
  const text = readFileSync(page, "utf8");
  const table = coverageTable(figures);
  if (process.env["UPDATE_DOCS"] === "1") writeFileSync(page, text.replace(region, table));
  const written = (process.env["UPDATE_DOCS"] === "1" ? table : (region.exec(text)?.[0] ?? "")).split(/(\d+\.\d)(?= )/);
  const measured = table.split(/(\d+\.\d)(?= )/);
  expect(written.length).toBe(measured.length);
  written.forEach((part, index) => {
    const figureHere = Number(measured[index]);
    if (Number.isNaN(figureHere) || measured[index]?.trim() === "") expect(part).toBe(measured[index]);
    else expect(Math.abs(Number(part) - figureHere)).toBeLessThanOrEqual(0.3);
  });
});

function wilsonHolds(successes: number, total: number, share: number): boolean {
  const interval = wilsonInterval(successes, total);
  return interval !== null && interval.lower <= share && share <= interval.upper;
}

function chanceOf(trials: number, share: number, counts: (successes: number) => boolean): number {
  let chance = 0;
  for (let successes = 0; successes <= trials; successes += 1)
    if (counts(successes)) chance += binomialProbability(successes, trials, share);
  return 100 * chance;
}

/** Adds what enumeration gives to a figure, and holds the simulation to it. */
function enumerate(made: Figure, chanceAt: (size: number) => number): void {
  const cells = made.cells.map((known) => ({ ...known, enumerated: chanceAt(known.size) }));
  figures[figures.indexOf(made)] = { ...made, cells };
  for (const { size, enumerated, ...known } of cells) {
    expect(Math.abs(coverageOf({ size, ...known }) - enumerated), `${made.method}, ${made.data}, ${size}`).toBeLessThanOrEqual(0.6);
  }
}

function scored(random: Random, shape: Shape, size: number): { positive: boolean[]; candidate: number[]; baseline: number[] } {
  const positive = Array.from({ length: size }, (_, row) => row % 10 < 3);
  const candidate: number[] = [];
  const baseline: number[] = [];
  for (const label of positive) {
    const [first, second] = scoresOf(random, shape, label);
    candidate.push(first);
    baseline.push(second);
  }
  return { positive, candidate, baseline };
}

/** Means of several samples of one size under the same replicates' weights. */
function bootstrapMeans(samples: readonly Float64Array[], replicates: number, seed: string): readonly (readonly number[])[] {
  const means = samples.map((): number[] => []);
  poissonBootstrap(samples[0]?.length ?? 0, replicates, seed, (weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    samples.forEach((sample, index) => {
      let sum = 0;
      for (let unit = 0; unit < sample.length; unit += 1) sum += (sample[unit] ?? 0) * (weights[unit] ?? 0);
      means[index]?.push(sum / total);
    });
    return total;
  });
  return means;
}
