import { expect, test } from "vitest";
import { rowMeasurements } from "#domain/evaluation/rows/row-measurements.ts";
import { pairedQuantileDifference } from "#domain/statistics/quantile.ts";
import { randomFrom } from "#domain/statistics/random.ts";
import { rowTable } from "#test/support/row-table.ts";

test("the quantile of errors is one that was seen, and two versions are compared on the same rows (F6)", () => {
  const random = randomFrom("errors");
  const truth = Array.from({ length: 400 }, () => random.share());
  const off = truth.map(() => random.share());
  const candidate = truth.map((y, row) => y + 0.9 * (off[row] ?? 0) + 0.05 * random.share());
  const baseline = truth.map((y, row) => y - (off[row] ?? 0));
  const table = rowTable("regression", ["quantile_ae@0.9"], { truth, candidate, baseline });
  const [found] = rowMeasurements(table, [], { name: "made", digest: "made" }, "no-baseline").measurements;
  const errors = (predicted: readonly number[]): readonly number[] => predicted.map((p, row) => Math.abs(p - (truth[row] ?? 0)));
  // The 90 % quantile of 400 values is the 360th: numpy.quantile(errors, 0.9, method="inverted_cdf").
  expect(found?.candidate.value).toBe(errors(candidate).toSorted((a, b) => a - b)[359]);
  const { mean, standardError } = pairedQuantileDifference(errors(candidate), errors(baseline), 0.9);
  expect(found?.difference).toMatchObject({ value: mean, standardError: expect.closeTo(standardError ?? 0, 12), method: "quantile" });
  // Rows that are hard for one are hard for the other: arms taken for independent would be much less sure.
  const [own, other] = [found?.candidate.standardError ?? 0, found?.baseline?.standardError ?? 0];
  expect(found?.difference?.standardError).toBeLessThan(0.6 * Math.hypot(own, other));
});
