import { expect, test } from "vitest";
import { z } from "zod";
import { detectableEffect } from "#domain/statistics/detectable.ts";
import { exactSum } from "#domain/statistics/exact-sum.ts";
import { normalQuantile } from "#domain/statistics/normal.ts";
import { cohenH, normalPower, pairedTPower, twoSampleTPower, unitsForPower, unitsForShares } from "#domain/statistics/power.ts";
import { shrunkenEffects } from "#domain/statistics/shrinkage.ts";
import { meanOf, varianceOf } from "#domain/statistics/variance.ts";
import { heldCases } from "#test/support/golden-holders.ts";
import { expectEqual, expectEveryRow, type GoldenPart, numberAt, numbersAt } from "#test/support/golden-row.ts";

const cases = heldCases("statistics.json", "power.golden.test.ts");

/** The tolerances that the rows name: noncentral t, and solved sample sizes. */
const noncentral = 1e-8;
const solved = 1e-5;

function checkPower(row: GoldenPart): void {
  const [effect, n, alpha] = [numberAt(row, "effect_over_sd"), numberAt(row, "n"), numberAt(row, "alpha")];
  expectEqual(pairedTPower(effect, n, alpha), numberAt(row, "paired_t_two_sided"), "paired, two-sided", noncentral);
  expectEqual(pairedTPower(effect, n, alpha, "one-sided"), numberAt(row, "paired_t_one_sided"), "paired, one-sided", noncentral);
  expectEqual(twoSampleTPower(effect, n, alpha), numberAt(row, "two_sample_t_equal"), "two groups", noncentral);
  expectEqual(twoSampleTPower(effect, n, alpha, 3), numberAt(row, "two_sample_t_ratio_3"), "two groups, one thrice", noncentral);
  expectEqual(normalPower(effect, n, alpha), numberAt(row, "normal_two_sided_one_sample"), "normal");
}

function checkUnits(row: GoldenPart): void {
  const [effect, power, alpha] = [numberAt(row, "effect_over_sd"), numberAt(row, "power"), numberAt(row, "alpha")];
  const paired = unitsForPower(power, (units) => pairedTPower(effect, units, alpha));
  const perArm = unitsForPower(power, (units) => twoSampleTPower(effect, units, alpha));
  expectEqual(paired, numberAt(row, "n_paired_t"), "pairs", solved);
  expectEqual(perArm, numberAt(row, "n_per_arm_t"), "units an arm", solved);
  const perRoot = detectableEffect(1, 1 - alpha, power);
  expectEqual((perRoot / effect) ** 2, numberAt(row, "n_paired_normal"), "pairs, normal");
}

function checkShares(row: GoldenPart): void {
  const [candidate, baseline] = [numberAt(row, "p_candidate"), numberAt(row, "p_baseline")];
  const found = unitsForShares(candidate, baseline, numberAt(row, "power"), numberAt(row, "alpha"));
  expectEqual(cohenH(candidate, baseline), numberAt(row, "cohen_h"), "h");
  expectEqual(found.arcsine, numberAt(row, "n_per_arm_arcsine"), "units an arm by h", solved);
  expectEqual(found.unpooled, numberAt(row, "n_per_arm_unpooled"), "units an arm");
}

test("every row about power, shrinkage and moments equals statsmodels' or the definition", () => {
  expectEveryRow(cases, {
    power: (row) => {
      if ("n" in row && "effect_over_sd" in row) checkPower(row);
      else if ("effect_over_sd" in row) checkUnits(row);
      else if ("cohen_h" in row) checkShares(row);
      else {
        const found = detectableEffect(
          numberAt(row, "sd") / Math.sqrt(numberAt(row, "n")),
          1 - numberAt(row, "alpha"),
          numberAt(row, "power"),
        );
        expectEqual(found, numberAt(row, "minimum_detectable_effect"), "detectable");
      }
    },
    "slice-shrinkage": (row) => {
      const found = shrunkenEffects(numbersAt(row, "effects"), numbersAt(row, "variances"));
      expectEqual(found.fixed, numberAt(row, "fixed"), "fixed");
      expectEqual(found.q, numberAt(row, "q"), "Q");
      expectEqual(found.betweenVariance, numberAt(row, "tau2"), "variance between slices");
      expectEqual(found.betweenVarianceUnclipped, numberAt(row, "tau2_not_clipped"), "the same, not clipped");
      numbersAt(row, "shrunken").forEach((wanted, index) => expectEqual(found.shrunken[index], wanted, `slice ${index}`));
    },
    moments: (row) => {
      const x = numbersAt(row, "x");
      expect(exactSum(x)).toBe(numberAt(row, "sum"));
      expectEqual(meanOf(x), numberAt(row, "mean"), "mean", 1e-15, 0);
      expectEqual(varianceOf(x), numberAt(row, "variance"), "variance");
    },
  });
});

test("power is alpha without an effect, and grows with units to 1", () => {
  expect(pairedTPower(0, 40, 0.05)).toBeCloseTo(0.05, 12);
  expect(twoSampleTPower(0, 7, 0.01, 2)).toBeCloseTo(0.01, 12);
  expect(normalPower(0, 9, 0.1)).toBeCloseTo(0.1, 12);
  expect(pairedTPower(0.5, 1e4, 0.05)).toBeCloseTo(1, 12);
  expect(unitsForPower(0.8, () => 0.5)).toBeNull();
  expect(z.number().parse(unitsForPower(0.8, (units) => normalPower(0.1, units, 0.05)))).toBeCloseTo(
    ((normalQuantile(0.975) + normalQuantile(0.8)) / 0.1) ** 2,
    1,
  );
});
