import { describe, expect, test } from "vitest";
import { rowMeasurements } from "#domain/evaluation/rows/row-measurements.ts";
import { rowSlices } from "#domain/evaluation/rows/row-sample.ts";
import type { SliceColumn } from "#domain/evaluation/scored-table.ts";
import { slicesIn } from "#domain/evaluation/slices-in.ts";
import { reportOf, scoredTable } from "#test/support/report-request.ts";
import { rowTable } from "#test/support/row-table.ts";

const members = (column: SliceColumn) => slicesIn([column]).slices.map(({ slice, members }) => [slice, members]);

const prices = { kind: "buckets" as const, by: { column: "price", buckets: [10, 50, 100] } };

describe("buckets", () => {
  test("hold their lower edge and not their upper one; nothing is outside of them but an empty value", () => {
    expect(members({ ...prices, values: [100, 9.99, 10, 49.99, 50, null, -5, 1e9] })).toEqual([
      [{ price: "< 10" }, [1, 6]],
      [{ price: "[10, 50)" }, [2, 3]],
      [{ price: "[50, 100)" }, [4]],
      [{ price: ">= 100" }, [0, 7]],
    ]);
  });

  test("without units are no slices", () => {
    expect(members({ ...prices, values: [11, 12] })).toEqual([[{ price: "[10, 50)" }, [0, 1]]]);
  });

  test("by quantiles are of about as many units each, and equal values lie in one", () => {
    const by = { column: "price", quantiles: 4 };
    expect(members({ kind: "buckets", by, values: [8, 1, 7, 2, 6, 3, 5, 4] })).toEqual([
      [{ price: "quantile 1 of 4" }, [1, 3]],
      [{ price: "quantile 2 of 4" }, [5, 7]],
      [{ price: "quantile 3 of 4" }, [4, 6]],
      [{ price: "quantile 4 of 4" }, [0, 2]],
    ]);
    expect(members({ kind: "buckets", by, values: [1, 1, 1, 1, 1, 9] })).toEqual([
      [{ price: "quantile 3 of 4" }, [0, 1, 2, 3, 4]],
      [{ price: "quantile 4 of 4" }, [5]],
    ]);
  });
});

describe("a crossing", () => {
  const locale = { kind: "column", column: "locale", values: ["fr", "de", null, "de", "de"] } as const;

  test("has the pairs that there are, in order, of columns and of buckets; what lacks one value is in none", () => {
    expect(members({ kind: "cross", parts: [locale, { ...prices, values: [5, 60, 5, 5, 60] }] })).toEqual([
      [{ locale: "de", price: "< 10" }, [3]],
      [{ locale: "de", price: "[50, 100)" }, [1, 4]],
      [{ locale: "fr", price: "< 10" }, [0]],
    ]);
  });

  test.each([
    ["of identifiers", 20_000, 1],
    ["of a column with identifiers", 1, 20_000],
    ["with too many pairs", 40, 40],
  ])("%s is one problem, and makes no slices", (_, ofFirst, ofSecond) => {
    const count = Math.max(ofFirst, ofSecond, ofFirst * Math.min(ofSecond, 40));
    const values = Array.from({ length: count }, (__, at) => at);
    const found = slicesIn([
      {
        kind: "cross",
        parts: [
          { kind: "column", column: "a", values: values.map((at) => `${at % ofFirst}`) },
          {
            kind: "column",
            column: "b",
            values: values.map((at) => `${Math.floor(at / (ofFirst === ofSecond ? ofFirst : 1)) % ofSecond}`),
          },
        ],
      },
    ]);
    expect(found.slices).toEqual([]);
    expect(found.problems).toMatchObject([{ code: "too-many-slices", verdict: "error" }]);
  });
});

test("a gate on a crossing or a bucket is judged there, whatever order its columns are written in; on one that vanished it has no data", () => {
  const count = 400;
  const baseline = Array.from({ length: count }, (_, at) => 0.3 + (at % 7) / 20);
  const price = baseline.map((_, at) => (at % 2 === 0 ? 5 : 60));
  const locale = baseline.map((_, at) => (at % 4 < 2 ? "de" : "fr"));
  const harmed = baseline.map((_, at) => price[at] === 60 && locale[at] === "de");
  const candidate = baseline.map((value, at) => value + ((at % 5) - 2) / 1000 - (harmed[at] === true ? 0.1 : 0));
  const buckets = { ...prices, values: price };
  const table = scoredTable(
    { candidate, baseline },
    { slices: [buckets, { kind: "cross", parts: [{ kind: "column", column: "locale", values: locale }, buckets] }] },
  );
  const rule = (slice: Record<string, string>) => ({ metric: "ndcg@10", noWorseThan: 0.02, slice });
  const { gates } = reportOf(table, [
    rule({ price: "[50, 100)", locale: "de" }),
    rule({ locale: "fr", price: "[50, 100)" }),
    rule({ price: "[50, 100)" }),
    rule({ price: ">= 100" }),
    rule({ locale: "de", price: "[10, 50)" }),
  ]);
  expect(gates.map(({ verdict }) => verdict)).toEqual(["fail", "pass", "fail", "no-data", "no-data"]);
  expect(gates.slice(3).map(({ reason }) => reason)).toEqual(["slice-not-measured", "slice-not-measured"]);
});

test("rows are sliced by price band: the calibration of each is its own", () => {
  const truth = Array.from({ length: 300 }, (_, row) => (row % 3 === 0 ? 1 : 0));
  const cheap = truth.map((_, row) => row < 150);
  const table = rowTable("classification", ["calibration_ratio"], {
    truth,
    candidate: truth.map((_, row) => (cheap[row] === true ? 0.25 : 0.5)),
    baseline: truth.map(() => 0.25),
  });
  const sliced = { ...table, slices: [{ ...prices, values: truth.map((_, row) => (cheap[row] === true ? 20 : 500)) }] };
  const { slices } = rowSlices(sliced);
  const { measurements } = rowMeasurements(sliced, slices, { name: "made", digest: "d" }, "no-baseline");
  expect(measurements.map(({ slice, candidate, units }) => [slice, candidate.value, units])).toEqual([
    [null, expect.closeTo(1.125, 12), 300],
    [{ price: "[10, 50)" }, expect.closeTo(0.75, 12), 150],
    [{ price: ">= 100" }, expect.closeTo(1.5, 12), 150],
  ]);
});
