import { expect, test } from "vitest";
import { benjaminiHochberg } from "#domain/statistics/benjamini-hochberg.ts";
import { chiSquareOfTwoShares, fisherExact } from "#domain/statistics/contingency.ts";
import { benjaminiYekutieli, bonferroni, hochberg, holmSidak, hommel, sidak } from "#domain/statistics/family-wise.ts";
import { holm } from "#domain/statistics/holm.ts";
import { mcnemar } from "#domain/statistics/mcnemar.ts";
import {
  agrestiCaffoInterval,
  type Count,
  newcombeInterval,
  pooledZ,
  scoreDifferenceInterval,
  waldDifferenceInterval,
} from "#domain/statistics/proportion-difference.ts";
import {
  agrestiCoullInterval,
  clopperPearsonInterval,
  correctedWilsonInterval,
  jeffreysInterval,
  type ProportionInterval,
  waldInterval,
} from "#domain/statistics/proportion-intervals.ts";
import { wilsonInterval } from "#domain/statistics/wilson.ts";
import { heldCases } from "#test/support/golden-holders.ts";
import { expectEqual, expectEveryRow, expectInterval, type GoldenPart, numberAt, numbersAt, partAt } from "#test/support/golden-row.ts";

const cases = heldCases("statistics.json", "proportions.golden.test.ts");

const oneShare: Readonly<Record<string, ProportionInterval>> = {
  wilson: wilsonInterval,
  clopper_pearson: clopperPearsonInterval,
  jeffreys: jeffreysInterval,
  agresti_coull: agrestiCoullInterval,
  wald: waldInterval,
  wilson_continuity: correctedWilsonInterval,
};
const adjustments = {
  bonferroni,
  holm,
  hochberg,
  hommel,
  sidak,
  holm_sidak: holmSidak,
  benjamini_hochberg: benjaminiHochberg,
  benjamini_yekutieli: benjaminiYekutieli,
};
const described = new Set(["source", "successes", "n", "confidence", "p"]);

function countAt(row: GoldenPart, arm: string): Count {
  const [successes = 0, total = 0] = numbersAt(row, arm);
  return { successes, total };
}

function checkTwoShares(row: GoldenPart): void {
  const arms = [countAt(row, "candidate"), countAt(row, "baseline")] as const;
  const what = JSON.stringify(arms);
  expectInterval(newcombeInterval(...arms), numbersAt(row, "difference_newcombe"), `Newcombe of ${what}`);
  expectInterval(waldDifferenceInterval(...arms), numbersAt(row, "difference_wald"), `Wald of ${what}`);
  expectInterval(agrestiCaffoInterval(...arms), numbersAt(row, "difference_agresti_caffo"), `Agresti-Caffo of ${what}`);
  expectEqual(fisherExact(...arms), numberAt(row, "fisher_p"), `Fisher of ${what}`, 1e-9, 0);
  if ("difference_miettinen_nurminen" in row) {
    const found = scoreDifferenceInterval(...arms, 0.95, "statsmodels");
    expectInterval(found, numbersAt(row, "difference_miettinen_nurminen"), `score of ${what}`, 1e-6, 1e-6);
  }
  if (!("pooled_z" in row)) {
    expect(pooledZ(...arms)).toBeNull();
    expect(chiSquareOfTwoShares(...arms)).toBeNull();
    return;
  }
  expectEqual(pooledZ(...arms)?.z, numberAt(row, "pooled_z"), `z of ${what}`);
  expectEqual(pooledZ(...arms)?.p, numberAt(row, "pooled_p"), `p of ${what}`, 1e-9, 0);
  for (const [key, yates] of [
    ["chi2", false],
    ["chi2_yates", true],
  ] as const) {
    const found = chiSquareOfTwoShares(...arms, yates);
    expectEqual(found?.statistic, numberAt(partAt(row, key), "statistic"), `${key} of ${what}`);
    expectEqual(found?.p, numberAt(partAt(row, key), "p"), `p of ${key} of ${what}`, 1e-9, 0);
  }
}

test("every row about shares, McNemar and several tests equals statsmodels' and scipy's", () => {
  expectEveryRow(cases, {
    "one-proportion": (row) => {
      for (const key of Object.keys(row).filter((name) => !described.has(name))) {
        const [successes, total] = [numberAt(row, "successes"), numberAt(row, "n")];
        const found = oneShare[key]?.(successes, total, numberAt(row, "confidence")) ?? null;
        expectInterval(found, numbersAt(row, key), `${key} of ${successes}/${total}`);
      }
    },
    "two-proportions": checkTwoShares,
    mcnemar: (row) => {
      const found = mcnemar(numberAt(row, "candidate_only_right"), numberAt(row, "baseline_only_right"));
      if ("project" in row) {
        expect(found).toEqual({ pExact: 1, pMid: 1, chiSquare: null, corrected: null });
        return;
      }
      expectEqual(found.pExact, numberAt(row, "exact_p"), "exact p");
      expectEqual(found.pMid, numberAt(row, "mid_p"), "mid p");
      expectEqual(found.chiSquare?.statistic, numberAt(partAt(row, "chi2"), "statistic"), "chi-square");
      expectEqual(found.chiSquare?.p, numberAt(partAt(row, "chi2"), "p"), "p of chi-square");
      expectEqual(found.corrected?.statistic, numberAt(partAt(row, "chi2_corrected"), "statistic"), "corrected");
      expectEqual(found.corrected?.p, numberAt(partAt(row, "chi2_corrected"), "p"), "p of corrected");
    },
    multiplicity: (row) => {
      expect(
        Object.keys(row)
          .filter((key) => !described.has(key))
          .toSorted(),
      ).toEqual(Object.keys(adjustments).toSorted());
      for (const [name, adjust] of Object.entries(adjustments)) {
        const wanted = numbersAt(row, name);
        adjust(numbersAt(row, "p")).forEach((p, index) => expectEqual(p, wanted[index] ?? -1, `${name} of test ${index}`, 1e-9, 0));
      }
    },
  });
});

test("no interval without an event", () => {
  for (const interval of Object.values(oneShare)) expect(interval(0, 0)).toBeNull();
  expect(newcombeInterval({ successes: 0, total: 0 }, { successes: 1, total: 2 })).toBeNull();
});

test("a score interval's limits are where the likeliest shares that far apart lie 1.96 errors away", () => {
  const [candidate, baseline] = [
    { successes: 45, total: 100 },
    { successes: 60, total: 100 },
  ] as const;
  const found = scoreDifferenceInterval(candidate, baseline);
  const [lower, upper] = [found?.lower ?? Number.NaN, found?.upper ?? Number.NaN];
  expect(errorsAway(candidate, baseline, lower)).toBeCloseTo(1.959963984540054, 6);
  expect(errorsAway(candidate, baseline, upper)).toBeCloseTo(-1.959963984540054, 6);
});

test("a score interval exists without a success in one arm, and not when nothing varies", () => {
  const found = scoreDifferenceInterval({ successes: 0, total: 20 }, { successes: 3, total: 25 });
  expect(found?.lower).toBeLessThan(-0.12);
  expect(found?.upper).toBeGreaterThan(0);
  expect(scoreDifferenceInterval({ successes: 20, total: 20 }, { successes: 25, total: 25 })).toBeNull();
});

/** The score statistic at a difference, the likeliest shares being searched for step by step. */
function errorsAway(candidate: Count, baseline: Count, delta: number): number {
  const logLikelihood = (share: number): number =>
    candidate.successes * Math.log(share + delta) +
    (candidate.total - candidate.successes) * Math.log(1 - share - delta) +
    baseline.successes * Math.log(share) +
    (baseline.total - baseline.successes) * Math.log(1 - share);
  let [low, high] = [Math.max(0, -delta), Math.min(1, 1 - delta)];
  for (let step = 0; step < 200; step += 1) {
    const [left, right] = [low + (high - low) / 3, high - (high - low) / 3];
    if (logLikelihood(left) < logLikelihood(right)) low = left;
    else high = right;
  }
  const total = candidate.total + baseline.total;
  const variance = ((low + delta) * (1 - low - delta)) / candidate.total + (low * (1 - low)) / baseline.total;
  const difference = candidate.successes / candidate.total - baseline.successes / baseline.total;
  return (difference - delta) / Math.sqrt((variance * total) / (total - 1));
}
