import { expect, test } from "vitest";
import { z } from "zod";
import { welchEquivalence } from "#domain/statistics/equivalence.ts";
import { kolmogorovSmirnov } from "#domain/statistics/kolmogorov-smirnov.ts";
import { exactMannWhitney, mannWhitney } from "#domain/statistics/mann-whitney.ts";
import { tInterval } from "#domain/statistics/t-interval.ts";
import { pooledT, type TwoSampleT, welchT } from "#domain/statistics/welch-t.ts";
import type { GoldenCase } from "#test/support/golden.ts";
import { heldCases } from "#test/support/golden-holders.ts";
import { expectEqual, expectEveryRow, expectInterval, type GoldenPart, inputsOf, numberAt, numbersAt } from "#test/support/golden-row.ts";

const cases = heldCases("statistics.json", "two-samples.golden.test.ts");
const arms = (known: GoldenCase): readonly [readonly number[], readonly number[]] => [
  numbersAt(inputsOf(known), "candidate"),
  numbersAt(inputsOf(known), "baseline"),
];

function checkT(found: TwoSampleT | null, row: GoldenPart, what: string): void {
  expectEqual(found?.t, numberAt(row, "t"), `${what} t`);
  expectEqual(found?.degreesOfFreedom, numberAt(row, "df"), `${what} degrees of freedom`);
  expectEqual(found?.pTwoSided, numberAt(row, "p_two_sided"), `${what} p`);
  if (found === null) return;
  expectInterval(tInterval(found.difference, found.standardError, found.degreesOfFreedom, 0.95), numbersAt(row, "interval_95"), what);
}

test("every row about two groups of different units equals scipy's and statsmodels'", () => {
  expectEveryRow(cases, {
    "Welch t": (row, known) => {
      const found = welchT(...arms(known));
      checkT(found, row, `${known.id} Welch`);
      expectEqual(found?.difference, numberAt(row, "difference"), "difference");
      expectEqual(found?.standardError, numberAt(row, "standard_error"), "standard error");
      expectEqual(found?.pGreater, numberAt(row, "p_greater"), "p greater");
    },
    "Student t, pooled": (row, known) => checkT(pooledT(...arms(known)), row, `${known.id} pooled`),
    "Mann-Whitney U": (row, known) => {
      const { approximation, continuity } = z.object({ approximation: z.string(), continuity: z.boolean().optional() }).parse(row);
      if (approximation === "exact") {
        expectEqual(exactMannWhitney(...arms(known)), numberAt(row, "p_two_sided"), `${known.id} exact Mann-Whitney`);
        return;
      }
      const found = mannWhitney(...arms(known), continuity);
      expectEqual(found?.u, numberAt(row, "u_candidate"), `${known.id} U`);
      expectEqual(found?.superiority, numberAt(row, "probability_of_superiority"), "superiority");
      expectEqual(found?.pTwoSided, numberAt(row, "p_two_sided"), "two-sided p");
      expectEqual(found?.pGreater, numberAt(row, "p_greater"), "p greater");
    },
    "Kolmogorov-Smirnov, two samples": (row, known) => {
      const found = kolmogorovSmirnov(...arms(known));
      expectEqual(found.statistic, numberAt(row, "statistic"), `${known.id} Kolmogorov-Smirnov`);
      expectEqual(found.pExact, numberAt(row, "p_exact"), "exact p");
      expectEqual(found.pApproximate, numberAt(row, "p_asymptotic"), "approximate p");
    },
    "TOST equivalence, unequal variances": (row, known) => {
      const found = welchEquivalence(...arms(known), numberAt(row, "low"), numberAt(row, "high"));
      expectEqual(found?.p, numberAt(row, "p"), `${known.id} TOST`);
    },
  });
});

test("two constant groups have no t, and equal groups no U", () => {
  expect(welchT([1, 1, 1], [2, 2])).toBeNull();
  expect(pooledT([1, 1, 1], [2, 2])).toBeNull();
  expect(mannWhitney([1, 1], [1, 1, 1])).toBeNull();
  expect(kolmogorovSmirnov([1, 2], [1, 2])).toMatchObject({ statistic: 0, pExact: 1 });
});
