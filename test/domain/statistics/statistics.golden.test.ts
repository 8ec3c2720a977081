import { describe, expect, test } from "vitest";
import { z } from "zod";
import { benjaminiHochberg } from "#domain/statistics/benjamini-hochberg.ts";
import { clusteredMean } from "#domain/statistics/clustered-mean.ts";
import { detectableEffect } from "#domain/statistics/detectable.ts";
import { holm } from "#domain/statistics/holm.ts";
import { pairedT } from "#domain/statistics/paired-t.ts";
import { tInterval } from "#domain/statistics/t-interval.ts";
import { unitsToSettle } from "#domain/statistics/units-to-settle.ts";
import { wilsonInterval } from "#domain/statistics/wilson.ts";
import { type GoldenCase, golden, rowsOf } from "#test/support/golden.ts";

const cases = golden("statistics.json");
const casesCalled = (start: string): readonly GoldenCase[] => cases.filter(({ id }) => id.startsWith(start));

/** The tolerance of the golden files: 1e-9 relative, plus 1e-12 absolute. */
function expectEqual(found: number | null | undefined, wanted: number, what: string): void {
  const close = typeof found === "number" && Math.abs(found - wanted) <= 1e-9 * Math.abs(wanted) + 1e-12;
  expect(close, `${what}: wanted ${wanted}, found ${found}`).toBe(true);
}

const paired = z.object({ difference: z.array(z.number()) });

describe("paired t", () => {
  const pairedT95 = z.object({
    method: z.literal("paired t"),
    mean_difference: z.number(),
    standard_error: z.number(),
    df: z.number(),
    t: z.number(),
    p_two_sided: z.number(),
    p_greater: z.number(),
    p_less: z.number(),
    interval: z.record(z.string(), z.tuple([z.number(), z.number()])),
  });
  const nonInferiority = z.object({
    method: z.literal("non-inferiority"),
    margin: z.number(),
    t: z.number(),
    p: z.number(),
    lower_bound_95_one_sided: z.number(),
  });

  test.each(casesCalled("paired-").filter(({ id }) => id !== "paired-constant"))("equals scipy on $id", (known) => {
    const { difference } = paired.parse(known.inputs);
    const found = pairedT(difference);
    const rows = rowsOf(known, pairedT95);
    expect(rows).toHaveLength(1);
    for (const row of rows) {
      expectEqual(found?.mean, row.mean_difference, "mean");
      expectEqual(found?.standardError, row.standard_error, "standard error");
      expect(found?.degreesOfFreedom).toBe(row.df);
      expectEqual(found?.t, row.t, "t");
      expectEqual(found?.pTwoSided, row.p_two_sided, "two-sided p");
      expectEqual(found?.pGreater, row.p_greater, "p greater");
      expectEqual(found?.pLess, row.p_less, "p less");
      for (const [confidence, [lower, upper]] of Object.entries(row.interval)) {
        const interval = tInterval(found?.mean ?? 0, found?.standardError ?? 0, row.df, Number(confidence));
        expectEqual(interval.lower, lower, `lower ${confidence}`);
        expectEqual(interval.upper, upper, `upper ${confidence}`);
      }
    }
  });

  test.each(casesCalled("paired-").filter((known) => rowsOf(known, nonInferiority).length > 0))(
    "tests non-inferiority as scipy on $id",
    (known) => {
      const { difference } = paired.parse(known.inputs);
      for (const row of rowsOf(known, nonInferiority)) {
        const found = pairedT(difference, -row.margin);
        expectEqual(found?.t, row.t, "t");
        expectEqual(found?.pGreater, row.p, "p");
        const oneSided = tInterval(found?.mean ?? 0, found?.standardError ?? 0, found?.degreesOfFreedom ?? 0, 0.9);
        expectEqual(oneSided.lower, row.lower_bound_95_one_sided, "one-sided bound");
      }
    },
  );

  test("has no answer without variance, which is never evidence", () => {
    expect(pairedT([0.3, 0.3, 0.3, 0.3])).toBeNull();
    expect(pairedT([0, 0, 0])).toBeNull();
    expect(pairedT([0.9 - 0.6, 0.8 - 0.5, 0.7 - 0.4])).toBeNull();
    expect(pairedT([0.1])).toBeNull();
  });
});

describe("clustered mean", () => {
  const row = z.object({
    method: z.literal("clustered mean"),
    mean: z.number(),
    standard_error: z.number(),
    df: z.number(),
    interval_95: z.tuple([z.number(), z.number()]),
  });
  const inputs = z.object({ cluster: z.array(z.number()), difference: z.array(z.number()) });

  test.each(casesCalled("clusters"))("equals statsmodels' cluster-robust error on $id", (known) => {
    const { cluster, difference } = inputs.parse(known.inputs);
    const found = clusteredMean(difference, cluster.map(String));
    const rows = rowsOf(known, row);
    expect(rows).toHaveLength(1);
    for (const wanted of rows) {
      expectEqual(found.mean, wanted.mean, "mean");
      expectEqual(found.standardError, wanted.standard_error, "standard error");
      expect(found.degreesOfFreedom).toBe(wanted.df);
      const interval = tInterval(found.mean, found.standardError ?? 0, found.degreesOfFreedom, 0.95);
      expectEqual(interval.lower, wanted.interval_95[0], "lower");
      expectEqual(interval.upper, wanted.interval_95[1], "upper");
    }
  });

  test("a whole-number weight is worth as many equal rows of one cluster", () => {
    const weighted = clusteredMean([1, 4, 2, 0], ["a", "b", "c", "d"], [2, 1, 3, 1]);
    const repeated = clusteredMean([1, 1, 4, 2, 2, 2, 0], ["a", "a", "b", "c", "c", "c", "d"]);
    expectEqual(weighted.mean, repeated.mean, "mean");
    expectEqual(weighted.standardError, repeated.standardError ?? 0, "standard error");
  });

  test("one cluster has a mean, and no standard error", () => {
    expect(clusteredMean([1, 2], ["a", "a"])).toEqual({ mean: 1.5, standardError: null, degreesOfFreedom: 0, clusters: 1 });
  });
});

test("Wilson intervals equal statsmodels", () => {
  const row = z.object({ successes: z.number(), n: z.number(), confidence: z.number(), wilson: z.tuple([z.number(), z.number()]) });
  const rows = casesCalled("one-proportion").flatMap((known) => rowsOf(known, row));
  expect(rows.length).toBeGreaterThan(10);
  for (const { successes, n, confidence, wilson } of rows) {
    const found = wilsonInterval(successes, n, confidence);
    expectEqual(found?.lower, wilson[0], `lower of ${successes}/${n}`);
    expectEqual(found?.upper, wilson[1], `upper of ${successes}/${n}`);
  }
  expect(wilsonInterval(0, 0)).toBeNull();
});

test("Holm's and Benjamini and Hochberg's adjusted p-values equal statsmodels", () => {
  const row = z.object({ p: z.array(z.number()), holm: z.array(z.number()), benjamini_hochberg: z.array(z.number()) });
  const rows = casesCalled("multiplicity").flatMap((known) => rowsOf(known, row));
  expect(rows.length).toBeGreaterThan(5);
  for (const wanted of rows) {
    holm(wanted.p).forEach((p, index) => expectEqual(p, wanted.holm[index] ?? -1, "Holm"));
    benjaminiHochberg(wanted.p).forEach((p, index) => expectEqual(p, wanted.benjamini_hochberg[index] ?? -1, "Benjamini-Hochberg"));
  }
});

describe("power", () => {
  test("the detectable effect equals the definition", () => {
    const row = z.object({ sd: z.number(), n: z.number(), power: z.number(), alpha: z.number(), minimum_detectable_effect: z.number() });
    const rows = casesCalled("power").flatMap((known) => rowsOf(known, row));
    expect(rows).toHaveLength(2);
    for (const { sd, n, power, alpha, minimum_detectable_effect } of rows) {
      expectEqual(detectableEffect(sd / Math.sqrt(n), 1 - alpha, power), minimum_detectable_effect, "detectable");
    }
  });

  test("the units that settle an effect equal the normal sample size", () => {
    const row = z.object({ effect_over_sd: z.number(), power: z.number(), alpha: z.number(), n_paired_normal: z.number() });
    const rows = casesCalled("power").flatMap((known) => rowsOf(known, row));
    expect(rows).toHaveLength(3);
    for (const { effect_over_sd, power, alpha, n_paired_normal } of rows) {
      const units = 100;
      const needed = unitsToSettle(units, detectableEffect(1 / Math.sqrt(units), 1 - alpha, power), effect_over_sd);
      expectEqual(needed, n_paired_normal, "units");
    }
  });

  test("no number of units settles what lies on the wrong side", () => {
    expect(unitsToSettle(100, 0.1, 0)).toBeNull();
    expect(unitsToSettle(100, 0.1, -0.2)).toBeNull();
  });
});
