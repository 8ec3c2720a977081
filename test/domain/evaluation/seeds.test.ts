import { describe, expect, test } from "vitest";
import { measurementsOf } from "#domain/evaluation/measurements.ts";
import { seedOf } from "#domain/evaluation/seed.ts";
import { unitsOf } from "#domain/evaluation/unit-table.ts";
import { digestOf, scoredTable } from "#test/support/report-request.ts";

/** 30 queries: too many to try every turn of signs, so that turns are drawn. The arms differ both ways. */
const values = (step: number): readonly number[] => Array.from({ length: 30 }, (_, query) => ((query * step) % 31) / 31);
const drawn = (datasetDigest: string): number | undefined => {
  const units = unitsOf(scoredTable({ candidate: values(7), baseline: values(11) }), datasetDigest);
  if (units.kind !== "units") throw new Error("the units must be there");
  return measurementsOf(units.table, "one name", "no-baseline")[0]?.difference?.smallSample?.p;
};

describe("what chance depends on", () => {
  test("is dataset, metric and slice: each of them changes the seed", () => {
    const seeds = [
      seedOf("sha256:a", "mrr", null),
      seedOf("sha256:b", "mrr", null),
      seedOf("sha256:a", "ndcg@10", null),
      seedOf("sha256:a", "mrr", { locale: "de" }),
      seedOf("sha256:a", "mrr", { locale: "fr" }),
    ];
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  test("is the dataset's digest and not its name: drawn sign flips are the same for the same data, and others for other data", () => {
    const first = drawn(digestOf("1"));
    expect(first).toBeTypeOf("number");
    expect(drawn(digestOf("1"))).toBe(first);
    expect(["2", "3", "4"].some((other) => drawn(digestOf(other)) !== first)).toBe(true);
  });
});
