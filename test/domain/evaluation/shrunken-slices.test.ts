import { describe, expect, test } from "vitest";
import { withShrunken } from "#domain/evaluation/shrunken-slices.ts";
import { shrunkenEffects } from "#domain/statistics/shrinkage.ts";
import { difference, measurement } from "#test/domain/report/judgement-builder.ts";

const sliced = (slice: Readonly<Record<string, string>> | null, value: number, error: number) =>
  measurement({ slice, difference: difference(value, error) });
const shrunken = (...measurements: Parameters<typeof withShrunken>[0]) =>
  withShrunken(measurements).map(({ difference: found }) => (found?.shrunken === undefined ? null : found.shrunken + 0));

describe("shrunken differences of slices", () => {
  test("are those of DerSimonian and Laird among the slices of one column, each metric for itself", () => {
    const expected = shrunkenEffects([-0.1, 0.02, 0.05], [0.02 ** 2, 0.01 ** 2, 0.02 ** 2]).shrunken;
    const other = { ...sliced({ locale: "de" }, 0.5, 0.1), metric: "recall@50" };
    const measurements = [
      sliced(null, -0.01, 0.01),
      sliced({ locale: "de" }, -0.1, 0.02),
      other,
      sliced({ locale: "fr" }, 0.02, 0.01),
      sliced({ locale: "it" }, 0.05, 0.02),
      sliced({ tier: "gold" }, -0.3, 0.01),
    ];
    expect(shrunken(...measurements)).toEqual([null, expected[0], null, expected[1], expected[2], null]);
    expect(Math.abs(expected[0] ?? 0)).toBeLessThan(0.1);
  });

  test("are 0 where slices lie no farther apart than their errors explain", () => {
    expect(shrunken(sliced({ locale: "de" }, -0.01, 0.02), sliced({ locale: "fr" }, 0.01, 0.02))).toEqual([0, 0]);
  });

  test("are not of named slices, which may overlap, nor of slices without an error", () => {
    const without = measurement({ slice: { locale: "it" }, difference: { ...difference(0.1, 1), standardError: null } });
    expect(shrunken(sliced({ name: "cold" }, 0.1, 0.01), sliced({ name: "new" }, -0.1, 0.01), without)).toEqual([null, null, null]);
  });

  test("leave every other number as it is", () => {
    const measurements = [sliced({ locale: "de" }, -0.1, 0.02), sliced({ locale: "fr" }, 0.02, 0.01)];
    const plain = withShrunken(measurements).map(({ difference: own, ...rest }) => {
      const { shrunken: _, ...others } = own ?? { shrunken: null };
      return { ...rest, difference: others };
    });
    expect(plain).toEqual(measurements);
  });
});
