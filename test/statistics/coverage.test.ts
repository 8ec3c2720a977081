/**
 * How often intervals hold the truth, in ten thousand seeded evaluations of each size and shape. The figures stand in docs/statistics.md,
 * which the last test holds to them; `UPDATE_DOCS=1 npm run test:statistics` writes them there.
 */
import { describe, expect, test } from "vitest";
import { binomialProbability } from "#domain/statistics/binomial.ts";
import { quantileRanks } from "#domain/statistics/quantile.ts";
import { type Cell, coverageOf, coverageTable, type Figure, sizes } from "#test/statistics/coverage-table.ts";
import { expectDocumented } from "#test/statistics/documented-table.ts";
import { shapes } from "#test/statistics/draws.ts";
import { bootstrapReplicates, keyOf, simulate, simulateWilson, wilsonHolds } from "#test/statistics/simulation.ts";

const evaluations = 10_000;
const simulated = new Map(sizes.map((size) => [size as number, simulate(size, evaluations)]));
const shares = [0.5, 0.9, 0.99];

function cellsOf(method: string, shape: (typeof shapes)[number]): readonly Cell[] {
  return sizes.map((size) => ({ size, ...(simulated.get(size)?.get(keyOf(method, shape)) ?? { held: 0, total: 1 }) }));
}

const near95 = {
  "paired t": "paired t (F1)",
  "clustered mean": "clustered mean, one or two units a cluster (F2)",
  ratio: "ratio of sums (F3)",
  "relative lift": "relative lift (F3)",
  "AUC difference": "AUC difference, DeLong (F5)",
};
const tabulated = {
  bootstrap: `Poisson bootstrap of a mean, percentiles of ${bootstrapReplicates} replicates (F7)`,
  "average precision difference": "average precision difference, 500 evaluations",
  "paired quantile difference": "paired difference of 90 % quantiles, 500 evaluations (F6)",
};

const orderStatistics: readonly Figure[] = shapes.map((shape) => ({
  method: "order statistics of the 90 % quantile (F6)",
  data: shape,
  cells: cellsOf("order statistics", shape).map((cell) => {
    const { lower, upper } = quantileRanks(cell.size, 0.9, 0.95);
    return { ...cell, enumerated: chanceOf(cell.size, 0.9, (below) => below >= (lower ?? 0) && below < (upper ?? cell.size + 1)) };
  }),
}));
const wilson: readonly Figure[] = shares.map((share) => ({
  method: "Wilson",
  data: `share ${share}`,
  cells: sizes.map((size) => ({
    size,
    ...simulateWilson(share, size, evaluations),
    enumerated: chanceOf(size, share, (successes) => wilsonHolds(successes, size, share)),
  })),
}));

/** From 225 clusters on; at 30 the page says what small samples cost. */
function large(cells: readonly Cell[]): readonly Cell[] {
  return cells.filter(({ size }) => size >= 225);
}

describe.each(shapes)("with values that are %s, from 225 clusters on,", (shape) => {
  test.each(Object.entries(near95))("95 % ± 1 of the intervals hold the truth: %s", (method, name) => {
    for (const cell of large(cellsOf(method, shape))) {
      expect(cell.total).toBe(evaluations);
      expect(Math.abs(coverageOf(cell) - 95), `${name}, ${cell.size}: ${coverageOf(cell)} %`).toBeLessThanOrEqual(1);
    }
  });

  test("at least 93 % of the bootstrap's intervals hold the mean", () => {
    for (const cell of large(cellsOf("bootstrap", shape))) {
      expect(cell.total).toBe(evaluations);
      expect(coverageOf(cell)).toBeGreaterThanOrEqual(93);
    }
  });

  test.each(["average precision difference", "paired quantile difference"])("93 to 98 % of the intervals hold the truth: %s", (method) => {
    for (const cell of large(cellsOf(method, shape))) {
      expect(coverageOf(cell)).toBeGreaterThanOrEqual(93);
      expect(coverageOf(cell)).toBeLessThanOrEqual(98);
    }
  });
});

test.each([...orderStatistics, ...wilson])(
  "$method, $data: the intervals hold the truth as often as enumeration says, ± 0.6",
  ({ cells }) => {
    for (const cell of cells)
      expect(Math.abs(coverageOf(cell) - (cell.enumerated ?? Number.NaN)), `n = ${cell.size}`).toBeLessThanOrEqual(0.6);
  },
);

test("docs/statistics.md says these figures, but for what another machine's logarithm may move", () => {
  const named = { ...near95, ...tabulated };
  const figures = Object.entries(named).flatMap(([method, name]) =>
    shapes.map((data) => ({ method: name, data, cells: cellsOf(method, data) })),
  );
  expectDocumented("coverage", coverageTable([...figures, ...orderStatistics, ...wilson]));
});

/** The chance, in percent, that a binomial count is one that counts. */
function chanceOf(trials: number, share: number, counts: (successes: number) => boolean): number {
  let chance = 0;
  for (let successes = 0; successes <= trials; successes += 1)
    if (counts(successes)) chance += binomialProbability(successes, trials, share);
  return 100 * chance;
}
