import { describe, expect, test } from "vitest";
import { assembleReport } from "#domain/evaluation/assemble-report.ts";
import type { Report } from "#domain/evaluation/report.ts";
import type { PlainSliceColumn, SliceColumn } from "#domain/evaluation/scored-table.ts";
import { searchableSlices } from "#domain/evaluation/searchable-slices.ts";
import { sliceText } from "#domain/gate/slice.ts";
import { randomFrom } from "#domain/statistics/random.ts";
import { gates, header, reportOf, scoredTable } from "#test/support/report-request.ts";
import { rowTable } from "#test/support/row-table.ts";

const column = (name: string, values: readonly (string | null)[]): PlainSliceColumn => ({ kind: "column", column: name, values });
const texts = (columns: readonly SliceColumn[], clusters: readonly string[] | null = null) =>
  searchableSlices(columns, clusters).map(({ slice }) => sliceText(slice));
const repeated = (...counts: readonly (readonly [string | null, number])[]) =>
  counts.flatMap(([value, count]) => Array.from({ length: count }, () => value));

describe("the slices that a search looks at", () => {
  test("are those declared and all pairs of declared columns, of at least 100 units, larger ones first, then by name", () => {
    const locale = column("locale", repeated(["de", 250], ["fr", 200], ["it", 99]));
    const tier = column("tier", repeated(["gold", 120], ["free", 429]));
    const prices: SliceColumn = { kind: "buckets", by: { column: "price", buckets: [10] }, values: repeated(["1", 549]).map(Number) };
    expect(texts([locale, tier, prices])).toEqual([
      "price=< 10",
      "price=< 10,tier=free",
      "tier=free",
      "locale=de",
      "locale=de,price=< 10",
      "locale=fr",
      "locale=fr,price=< 10",
      "locale=fr,tier=free",
      "locale=de,tier=free",
      "locale=de,tier=gold",
      "price=< 10,tier=gold",
      "tier=gold",
    ]);
  });

  test("are counted in clusters, and once although a crossing is declared, too", () => {
    const [locale, tier] = [column("locale", repeated(["de", 400])), column("tier", repeated(["gold", 400]))];
    const cross: SliceColumn = { kind: "cross", parts: [locale, tier] };
    expect(texts([locale, tier, cross])).toEqual(["locale=de", "locale=de,tier=gold", "tier=gold"]);
    expect(
      texts(
        [locale],
        Array.from({ length: 400 }, (_, unit) => `user ${unit % 99}`),
      ),
    ).toEqual([]);
    expect(
      texts(
        [locale],
        Array.from({ length: 400 }, (_, unit) => `user ${unit % 100}`),
      ),
    ).toEqual(["locale=de"]);
  });

  test("are 500 at most, the largest", () => {
    const values = Array.from({ length: 400 }, (_, value) => Array.from({ length: 100 }, () => `v${value}`)).flat();
    const other = values.map((_, unit) => (unit % 40_000 < 30_000 ? "a" : "b"));
    const found = texts([column("x", values), column("y", other)]);
    expect(found.length).toBe(500);
    expect(found.slice(0, 3)).toEqual(["y=a", "y=b", "x=v0"]);
  });
});

/** 1,200 queries in four locales and three tiers; `harm` is taken from the candidate where it holds. */
function searched(harm: (unit: number) => number, rules = gates({ metric: "ndcg@10", noWorseThan: "2%" })): Report {
  const random = randomFrom("search");
  const noise = Array.from({ length: 1200 }, () => random.share() * 0.1 - 0.05);
  const table = scoredTable(
    { candidate: noise.map((value, unit) => 0.5 + value - harm(unit)), baseline: noise.map(() => 0.5) },
    {
      slices: [
        column(
          "locale",
          noise.map((_, unit) => ["de", "fr", "it", "pl"][unit % 4] ?? ""),
        ),
        column(
          "tier",
          noise.map((_, unit) => ["a", "b", "c"][unit % 3] ?? ""),
        ),
      ],
    },
  );
  return assembleReport({ header, answer: { table, problems: [] }, gates: rules, identical: "refused" });
}

describe("the search for the worst slice", () => {
  test("finds the pair in which a candidate is worse, at a confidence for as many slices as there are, and changes no verdict", () => {
    const { search, verdict } = searched((unit) => (unit % 12 === 5 ? 0.08 : 0));
    expect(search).toMatchObject({ metric: "ndcg@10", better: "higher", slices: 19, confidence: 1 - 0.05 / 19, worse: 3 });
    expect(search?.worst[0]).toMatchObject({ slice: { locale: "fr", tier: "c" }, clusters: 100 });
    expect(search?.worst[0]?.upper).toBeLessThan(0);
    expect(verdict).toBe("pass");
  });

  test("proves nothing where there is nothing, and lists only what is worse at all", () => {
    const { search } = searched(() => 0);
    expect([search?.slices, search?.worse]).toEqual([19, 0]);
    expect(search?.worst.every(({ difference, upper }) => difference < 0 && upper > 0)).toBe(true);
  });

  test("excludes 0 somewhere in at most 5 % of evaluations without any effect", () => {
    let wrong = 0;
    for (let run = 0; run < 100; run += 1) {
      const random = randomFrom(`null ${run}`);
      const values = Array.from({ length: 1000 }, () => random.share() - 0.5);
      const table = scoredTable(
        { candidate: values, baseline: values.map(() => 0) },
        {
          slices: [
            column(
              "x",
              values.map((_, unit) => String(unit % 10)),
            ),
            column(
              "y",
              values.map((_, unit) => String(Math.floor(unit / 200))),
            ),
          ],
        },
      );
      if ((reportOf(table, []).search?.worse ?? 0) > 0) wrong += 1;
    }
    // Only towards worse, so 2.5 % are expected; 100 draws leave at most 8 in all but one of a thousand cases.
    expect(wrong).toBeLessThanOrEqual(8);
  });

  test("says when no slice is large enough, and nothing where none is declared or there is no baseline", () => {
    const small = (slices: readonly SliceColumn[], baseline: readonly number[] | null = repeated(["0.5", 60]).map(Number)) =>
      reportOf(scoredTable({ candidate: repeated(["0.4", 60]).map(Number), baseline }, { slices }), []).search;
    expect(small([column("locale", repeated(["de", 60]))])).toEqual({
      metric: "ndcg@10",
      better: "higher",
      slices: 0,
      confidence: null,
      worse: 0,
      worst: [],
      why: { slices: "no-slice-of-100-clusters", confidence: "no-slice-of-100-clusters" },
    });
    expect(small([])).toBeUndefined();
    expect(small([column("locale", repeated(["de", 60]))], null)).toBeUndefined();
  });

  test("takes the first gated metric over rows whose interval needs no resampling", () => {
    const random = randomFrom("rows");
    const truth = Array.from({ length: 600 }, (_, row) => row % 2);
    const candidate = truth.map((label, row) => (row % 3 === 0 ? 0.5 : label === 1 ? 0.7 : 0.3) + 0.1 * random.share());
    const baseline = truth.map((label) => (label === 1 ? 0.7 : 0.3) + 0.1 * random.share());
    const table = {
      ...rowTable("classification", ["ece@15", "log_loss", "auc"], { truth, candidate, baseline }),
      slices: [
        column(
          "third",
          truth.map((_, row) => String(row % 3)),
        ),
      ],
    };
    const report = (...metrics: readonly string[]) =>
      assembleReport({
        header,
        answer: { kind: "rows", table, problems: [] },
        gates: gates(...metrics.map((metric) => ({ metric, noWorseThan: 0.5 }))),
        identical: "refused",
      }).search;
    expect(report("ece@15", "log_loss")).toMatchObject({ metric: "log_loss", better: "lower", slices: 3, worse: 1 });
    expect(report("auc")?.worst[0]?.slice).toEqual({ third: "0" });
    const only = assembleReport({
      header,
      answer: { kind: "rows", table: { ...table, metrics: table.metrics.slice(0, 1) }, problems: [] },
      gates: [],
      identical: "refused",
    });
    expect(only.search).toMatchObject({ metric: "ece@15", slices: 0, why: { slices: "interval-not-closed-form" } });
  });
});
