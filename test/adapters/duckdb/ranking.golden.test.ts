import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { measurementsOf } from "#domain/evaluation/measurements.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import { type MetricEntry, metricEntrySchema, parseMetricEntry } from "#domain/evaluation/metric-entry.ts";
import type { ScoredTable, ScoringAnswer } from "#domain/evaluation/scored-table.ts";
import { unitsOf } from "#domain/evaluation/unit-table.ts";
import { clusteredMean } from "#domain/statistics/clustered-mean.ts";
import { pairedT } from "#domain/statistics/paired-t.ts";
import { golden, rowsOf } from "#test/support/golden.ts";
import { fileIn, metric } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "golden-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const engine = () => duckdbEvaluationEngine({ threads: 2, memoryLimit: "512MB", temporaryDirectory: join(folder, "tmp") });
const columns = { query: "query_id", item: "item_id", score: "score", label: "label" };

const families = [
  "ndcg",
  "dcg",
  "recall",
  "precision",
  "f1",
  "hit_rate",
  "mrr",
  "map",
  "r_precision",
  "bpref",
  "err",
  "rbp",
  "judged",
] as const;
const divisors = { relevant: "relevant", "min(R,k)": "capped", k: "k", "min(k,len)": "listed" } as const;

/** A row that is a target: one value a query. A field that is not read here would be a convention that is not held. */
const row = z.strictObject({
  metric: z.enum(families),
  k: z.number().optional(),
  source: z.string(),
  tolerance: z.number().default(1e-9),
  why: z.string().optional(),
  mean: z.number().optional(),
  values: z.union([z.record(z.string(), z.number()), z.array(z.number())]),
  convention: z.strictObject({
    ties: z.enum(["id_desc", "id_asc", "average", "none in this case"]).optional(),
    gain: z.enum(["linear", "exp2", "binary", "linear, unscaled"]).optional(),
    ideal: z.enum(["judged", "retrieved"]).optional(),
    log: z.literal(2).optional(),
    divisor: z.enum(["relevant", "min(R,k)", "k", "min(k,len)"]).optional(),
    min_rel: z.number().optional(),
    p: z.number().optional(),
    max_grade: z.number().optional(),
    scores: z.enum(["float64", "float32 (trec_eval stores scores as C float)"]).optional(),
    "negative grades": z.literal("unjudged").optional(),
    "nothing judged non-relevant": z.literal("1 per relevant item found").optional(),
  }),
});
type Row = z.infer<typeof row>;

const libraries = { pytrec_eval: "trec_eval", ranx: "ranx", "scikit-learn": "sklearn" } as const;

/** A library's number is reproduced by its preset alone, with what its user would choose; a definition's by naming the convention. */
function entryOf({ metric: family, k, source, convention }: Row): MetricEntry {
  const library = Object.entries(libraries).find(([name]) => source.startsWith(name))?.[1];
  const spelling = k === undefined ? family : `${family}@${k}`;
  const { gain, ideal, ties, divisor, min_rel, p, max_grade } = convention;
  const chosen = {
    ...(min_rel !== undefined && { minRel: min_rel }),
    ...(p !== undefined && { p }),
    ...(gain === "exp2" && { gain }),
  };
  if (library !== undefined) return { metric: spelling, name: "own", convention: library, ...chosen };
  return {
    metric: spelling,
    name: "own",
    ...chosen,
    ...(gain !== undefined && gain !== "linear, unscaled" && { gain }),
    ...(ideal !== undefined && { ideal }),
    ...(ties !== undefined && ties !== "none in this case" && { ties }),
    ...(divisor !== undefined && { divisor: divisors[divisor] }),
    ...(max_grade !== undefined && { maxGrade: max_grade }),
  };
}

function metricOf(wanted: Row): Metric {
  const parsed = parseMetricEntry(metricEntrySchema.parse(entryOf(wanted)));
  if (parsed.kind === "unknown") throw new Error(`${wanted.source}: ${parsed.message}`);
  return parsed.metric;
}

const inputs = z.object({
  qrels: z.record(z.string(), z.record(z.string(), z.number())),
  run: z.record(z.string(), z.record(z.string(), z.number())),
});
type Lists = z.infer<typeof inputs>["run"];

async function score({ qrels, run }: z.infer<typeof inputs>, metrics: readonly Metric[]): Promise<ScoringAnswer> {
  const lines = (lists: Lists, name: string): string =>
    Object.entries(lists)
      .flatMap(([query_id, items]) =>
        Object.entries(items).map(([item_id, value]) => `${JSON.stringify({ query_id, item_id, [name]: value })}\n`),
      )
      .join("");
  writeFileSync(join(folder, "run.jsonl"), lines(run, "score"));
  writeFileSync(join(folder, "labels.jsonl"), lines(qrels, "label"));
  const files = { candidate: [fileIn(folder, "run.jsonl")], baseline: null, labels: [fileIn(folder, "labels.jsonl")] };
  return engine().score({ ...files, columns, metrics, slices: [] });
}

const madeCases = [...golden("ranking-small.json"), ...golden("ranking-conventions.json")];
const targets = madeCases.filter((known) => rowsOf(known, row).length > 0);

describe("small made cases", () => {
  test.each(targets)("$id: $about", async (known) => {
    const lists = inputs.parse(known.inputs);
    const rows = rowsOf(known, row);
    const answer = await score(lists, rows.map(metricOf));
    expect(answer.problems).toEqual([]);
    rows.forEach((wanted, index) => {
      for (const [query, value] of Object.entries(wanted.values)) {
        const found = scoreOf(answer.table, index, query);
        expect(found, `query ${query} is scored`).not.toBeUndefined();
        const what = `${wanted.source} of query ${query}: ${value}, found ${found}`;
        // A definition's query without a relevant item is 0 in the file, left out here.
        const nothingRelevant = Object.values(lists.qrels[query] ?? {}).every((grade) => grade < (wanted.convention.min_rel ?? 1));
        if (found === null) expect(nothingRelevant && wanted.source.startsWith("definition"), what).toBe(true);
        expect(Math.abs((found ?? 0) - value), what).toBeLessThanOrEqual(wanted.tolerance);
      }
    });
  });

  test("every row is a target that is compared above, or is left for a reason", () => {
    const left = madeCases.flatMap((known) => {
      const held = new Set(known.expected.filter((expected) => row.safeParse(expected).success));
      return known.expected
        .filter((expected) => !held.has(expected))
        .map((expected) => [known.id, expected["use"] ?? expected["aggregate"] ?? null]);
    });
    expect(targets.flatMap((known) => rowsOf(known, row)).length).toBe(618);
    expect(left).toEqual([
      // Means by policy: the next test.
      ...Array.from({ length: 12 }, () => ["missing-and-empty", "mean"]),
      ["bpref-conventions", "not a target: shows the disagreement"],
      // A duplicate is refused: the last test.
      ["duplicates", null],
      // Intent-aware measures have labels by intent: intents.golden.test.ts.
      ...Array.from({ length: 5 }, () => ["diversity-ndeval", null]),
    ]);
  });

  const mean = z.object({
    metric: z.enum(["ndcg", "recall", "map", "mrr"]),
    k: z.number().nullable(),
    aggregate: z.literal("mean"),
    policy: z.string(),
    value: z.number(),
    n: z.number(),
    skipped: z.number().default(0),
  });
  const policies = [
    { says: "trec_eval default", own: { convention: "trec_eval" } },
    { says: "trec_eval -c", own: { convention: "trec_eval", missing: "zero" } },
    { says: "project default", own: {} },
  ] as const;

  test.each(policies)("means over queries that are missing, or have nothing relevant: $says", async ({ says, own }) => {
    const known = golden("ranking-small.json").filter(({ id }) => id === "missing-and-empty");
    const rows = known.flatMap((one) => rowsOf(one, mean)).filter(({ policy }) => policy.includes(says));
    expect(rows).toHaveLength(4);
    const metrics = rows.map(({ metric: family, k }) => {
      const parsed = parseMetricEntry({ metric: k === null ? family : `${family}@${k}`, name: `own-${family}`, ...own });
      if (parsed.kind === "unknown") throw new Error(parsed.message);
      return parsed.metric;
    });
    const { table } = await score(inputs.parse(known[0]?.inputs), metrics);
    const units = table === null ? null : unitsOf(table, "made");
    const measurements = units?.kind === "units" ? measurementsOf(units.table, "made", "no-baseline") : [];
    rows.forEach(({ value, n, skipped }, index) => {
      const found = measurements[index];
      expect(found?.candidate.value).toBeCloseTo(value, 12);
      expect(found?.units).toBe(n);
      expect(found?.excluded["noRelevant"]).toBe(skipped);
      expect(found?.excluded["missing"] ?? 0).toBe(5 - n - skipped);
    });
  });

  test("an item twice in a query, which no library reports, makes the run invalid", async () => {
    const known = golden("ranking-conventions.json").find(({ id }) => id === "duplicates");
    const { run_rows, qrels } = z
      .object({ run_rows: z.array(z.tuple([z.string(), z.string(), z.number()])), qrels: inputs.shape.qrels })
      .parse(known?.inputs);
    await score({ run: {}, qrels }, []);
    writeFileSync(join(folder, "twice.csv"), ["query_id,item_id,score", ...run_rows.map((cells) => cells.join(","))].join("\n"));
    const files = { candidate: [fileIn(folder, "twice.csv")], baseline: null, labels: [fileIn(folder, "labels.jsonl")] };
    const answer = await engine().score({ ...files, columns, metrics: [metric("mrr")], slices: [] });
    expect(answer.table).toBeNull();
    expect(answer.problems.map(({ code, verdict }) => [code, verdict])).toEqual([["duplicate-rows", "error"]]);
  });
});

describe("two real rankers on the Cranfield collection", () => {
  const cases = golden("ranking-cranfield.json");
  const queries = Array.from({ length: 225 }, (_, index) => String(index + 1));
  const run = (ranker: string) => [fileIn(join(import.meta.dirname, "../../golden"), `cranfield-run-${ranker}.tsv`)];
  const labels = [fileIn(join(import.meta.dirname, "../../../sandbox/data/cranfield"), "judgments.csv")];
  const own = { query: "query_id", item: "document_id", score: "score", label: "grade" };

  test.each(["bm25", "cosine"])("every query of %s equals trec_eval, or the definition", async (ranker) => {
    const known = cases.filter(({ id }) => id === ranker);
    const rows = known.flatMap((one) => rowsOf(one, row));
    // The one row that is left is ranx's unstable order of equal scores, which is not a target.
    expect([rows.length, known.flatMap(({ expected }) => expected).length]).toEqual([16, 17]);
    const { table } = await engine().score({
      candidate: run(ranker),
      baseline: null,
      labels,
      columns: own,
      metrics: rows.map(metricOf),
      slices: [],
    });
    rows.forEach((wanted, index) => {
      const found = queries.map((query) => scoreOf(table, index, query) ?? Number.NaN);
      const values = Object.values(wanted.values);
      expect(values).toHaveLength(225);
      found.forEach((value, place) =>
        expect(Math.abs(value - (values[place] ?? 0)), `${wanted.source} of query ${place + 1}`).toBeLessThanOrEqual(wanted.tolerance),
      );
      expect(clusteredMean(found).mean).toBeCloseTo(wanted.mean ?? Number.NaN, 12);
    });
  });

  test("the paired interval and tests equal scipy", async () => {
    const paired = z.object({
      metric: z.enum(["ndcg", "recall", "map", "mrr", "precision"]),
      k: z.number().nullish(),
      difference: z.number(),
      standard_error: z.number(),
      t: z.number(),
      p_two_sided: z.number(),
      interval_95: z.tuple([z.number(), z.number()]),
      non_inferiority_margin: z.number(),
      p_non_inferior: z.number(),
    });
    const rows = cases.filter(({ id }) => id === "paired").flatMap((known) => rowsOf(known, paired));
    expect(rows.map(({ metric: name }) => name)).toEqual(["ndcg", "recall", "map", "mrr", "precision"]);
    const metrics = rows.map(({ metric: family, k }) => metric(k === undefined || k === null ? family : `${family}@${k}`));
    const { table } = await engine().score({ candidate: run("cosine"), baseline: run("bm25"), labels, columns: own, metrics, slices: [] });
    const units = table === null ? null : unitsOf(table, "made");
    if (units?.kind !== "units") throw new Error("the units must be there");
    const measurements = measurementsOf(units.table, "cranfield", "no-baseline");
    rows.forEach((wanted, index) => {
      const difference = measurements[index]?.difference;
      const close = (found: number | null | undefined, value: number): void =>
        expect(Math.abs((found ?? Number.NaN) / value - 1)).toBeLessThanOrEqual(1e-9);
      close(difference?.value, wanted.difference);
      close(difference?.standardError, wanted.standard_error);
      close(difference?.lower, wanted.interval_95[0]);
      close(difference?.upper, wanted.interval_95[1]);
      const scored = table?.metrics[index];
      const differences =
        scored?.kind === "scored" ? scored.candidate.map((value, row) => (value ?? 0) - (scored.baseline?.[row] ?? 0)) : [];
      const test = pairedT(differences);
      close(test?.t, wanted.t);
      expect(Math.abs((test?.pTwoSided ?? 0) / wanted.p_two_sided - 1)).toBeLessThanOrEqual(1e-8);
      expect(
        Math.abs((pairedT(differences, -wanted.non_inferiority_margin)?.pGreater ?? 0) / wanted.p_non_inferior - 1),
      ).toBeLessThanOrEqual(1e-8);
    });
  });
});

function scoreOf(table: ScoredTable | null, index: number, query: string): number | null | undefined {
  const scored = table?.metrics[index];
  return scored?.kind === "scored" ? scored.candidate[table?.rows.indexOf(query) ?? -1] : undefined;
}
