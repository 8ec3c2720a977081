import { expect, test } from "vitest";
import { z } from "zod";
import { pairedEquivalence } from "#domain/statistics/equivalence.ts";
import { pairedT } from "#domain/statistics/paired-t.ts";
import { signFlipTest } from "#domain/statistics/sign-flip.ts";
import { signTest } from "#domain/statistics/sign-test.ts";
import { welchT } from "#domain/statistics/welch-t.ts";
import { exactWilcoxon, wilcoxon } from "#domain/statistics/wilcoxon.ts";
import type { GoldenCase } from "#test/support/golden.ts";
import { heldCases } from "#test/support/golden-holders.ts";
import { expectEqual, expectEveryRow, type GoldenPart, inputsOf, numberAt, numbersAt } from "#test/support/golden-row.ts";

const cases = heldCases("statistics.json", "paired.golden.test.ts");
const differencesOf = (known: GoldenCase): readonly number[] => numbersAt(inputsOf(known), "difference");

const wilcoxonRow = z.object({
  zeros: z.enum(["wilcox", "pratt", "zsplit"]),
  continuity: z.boolean().optional(),
  approximation: z.string(),
});

function checkWilcoxon(row: GoldenPart, known: GoldenCase): void {
  const { zeros, continuity, approximation } = wilcoxonRow.parse(row);
  const found =
    approximation === "normal" ? wilcoxon(differencesOf(known), zeros, continuity ?? false) : exactWilcoxon(differencesOf(known));
  expectEqual(found?.pTwoSided, numberAt(row, "p_two_sided"), `${known.id} ${zeros} ${approximation} two-sided p`);
  expectEqual(found?.pGreater, numberAt(row, "p_greater"), `${known.id} ${zeros} ${approximation} p greater`);
  if (approximation !== "normal") {
    expectEqual(found?.wPlus, numberAt(row, "w_plus"), "W+");
    return;
  }
  expectEqual(Math.min(found?.wPlus ?? -1, found?.wMinus ?? -1), numberAt(row, "statistic"), "W");
  expectEqual(wilcoxon(differencesOf(known), zeros, continuity ?? false)?.z, numberAt(row, "z"), "z");
}

test("every row about paired units equals scipy's and statsmodels'", () => {
  expectEveryRow(cases, {
    "paired t": (row, known) => {
      if (known.id === "paired-constant") {
        expect(pairedT("difference" in row ? numbersAt(row, "difference") : differencesOf(known))).toBeNull();
        return;
      }
      expectEqual(pairedT(differencesOf(known))?.t, numberAt(row, "t"), `${known.id} t`);
    },
    "non-inferiority": (row, known) =>
      expectEqual(pairedT(differencesOf(known), -numberAt(row, "margin"))?.pGreater, numberAt(row, "p"), `${known.id} non-inferiority`),
    "TOST equivalence, paired": (row, known) => {
      const found = pairedEquivalence(differencesOf(known), numberAt(row, "low"), numberAt(row, "high"));
      expectEqual(found?.p, numberAt(row, "p"), `${known.id} TOST p`);
      expectEqual(found?.above.t, numberAt(row, "t_low"), "t above the lower limit");
      expectEqual(found?.above.p, numberAt(row, "p_low"), "p above the lower limit");
      expectEqual(found?.below.t, numberAt(row, "t_high"), "t below the upper limit");
      expectEqual(found?.below.p, numberAt(row, "p_high"), "p below the upper limit");
    },
    "sign test": (row, known) => {
      const found = signTest(differencesOf(known));
      expect([found.plus, found.minus, found.equal]).toEqual(["plus", "minus", "equal"].map((key) => numberAt(row, key)));
      expectEqual(found.pTwoSided, numberAt(row, "p_two_sided"), `${known.id} sign test`);
      expectEqual(found.pGreater, numberAt(row, "p_greater"), `${known.id} sign test, greater`);
    },
    "Wilcoxon signed-rank": checkWilcoxon,
    "sign-flip, exact": (row, known) => {
      const found = signFlipTest(differencesOf(known), "unused");
      expect(found.exact).toBe(true);
      expect(found.flips).toBe(numberAt(row, "flips"));
      expectEqual(found.pGreater, numberAt(row, "p_greater"), `${known.id} sign-flip`);
    },
    "Welch t, unpaired (what not pairing would say)": (row, known) => {
      const inputs = inputsOf(known);
      const found = welchT(numbersAt(inputs, "candidate"), numbersAt(inputs, "baseline"));
      expectEqual(found?.pTwoSided, numberAt(row, "p_two_sided"), `${known.id} unpaired`);
    },
  });
});

test("the reference's ten pairs give a sign-flip p of 21/1024, and Welch's p of 0.69 if the pairing is thrown away", () => {
  const baseline = [0.5, 0.61, 0.33, 0.72, 0.8, 0.45, 0.58, 0.66, 0.39, 0.7];
  const candidate = [0.52, 0.6, 0.4, 0.75, 0.81, 0.5, 0.57, 0.71, 0.45, 0.69];
  const differences = candidate.map((value, index) => Math.round((value - (baseline[index] ?? 0)) * 100) / 100);
  expect(signFlipTest(differences, "unused").pGreater).toBe(21 / 1024);
  expect(welchT(candidate, baseline)?.pTwoSided).toBeCloseTo(0.693008, 6);
});
