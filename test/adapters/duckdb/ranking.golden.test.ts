import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { measurementsOf } from "#domain/evaluation/measurements.ts";
import type { Convention, Metric } from "#domain/evaluation/metric.ts";
import type { ScoredTable } from "#domain/evaluation/scored-table.ts";
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
/** No list is this long: a metric without a cutoff in the golden file. */
const wholeList = 10_000;

const convention = z.object({
  ties: z.enum(["id_desc", "average", "none in this case"]),
  gain: z.enum(["linear", "exp2", "binary"]).default("linear"),
  ideal: z.literal("judged").default("judged"),
  divisor: z.literal("relevant").default("relevant"),
  min_rel: z.number().default(1),
  scores: z.literal("float64").optional(),
});
/** Rows that are targets: of the metrics and conventions that exist here. ranx drops grades below the level in nDCG, which is not offered. */
const row = z
  .object({
    metric: z.enum(["ndcg", "recall", "mrr"]),
    k: z.number().optional(),
    source: z.string(),
    convention,
    use: z.undefined().optional(),
  })
  .refine(({ metric: name, convention: { min_rel }, source }) => !(name === "ndcg" && min_rel > 1 && source.startsWith("ranx")));
const perQuery = row.safeExtend({ values: z.record(z.string(), z.number()) });
const inputs = z.object({
  qrels: z.record(z.string(), z.record(z.string(), z.number())),
  run: z.record(z.string(), z.record(z.string(), z.number())),
});

function metricOf({ metric: family, k, convention: { ties, gain, min_rel } }: z.infer<typeof row>): Metric {
  const own: Partial<Convention> = { ties: ties === "average" ? "average" : "id_desc", gain, minRel: min_rel };
  const cutoff = k ?? (family === "mrr" ? undefined : wholeList);
  return metric(cutoff === undefined ? family : `${family}@${cutoff}`, own);
}

const smallCases = golden("ranking-small.json").filter((known) => rowsOf(known, perQuery).length > 0);

describe("small made cases", () => {
  test.each(smallCases)("$id: $about", async (known) => {
    const { qrels, run } = inputs.parse(known.inputs);
    const lines = (lists: Readonly<Record<string, Readonly<Record<string, number>>>>, name: string): string =>
      Object.entries(lists)
        .flatMap(([query_id, items]) =>
          Object.entries(items).map(([item_id, value]) => `${JSON.stringify({ query_id, item_id, [name]: value })}\n`),
        )
        .join("");
    writeFileSync(join(folder, "run.jsonl"), lines(run, "score"));
    writeFileSync(join(folder, "labels.jsonl"), lines(qrels, "label"));
    const rows = rowsOf(known, perQuery);
    const answer = await engine().score({
      candidate: [fileIn(folder, "run.jsonl")],
      baseline: null,
      labels: [fileIn(folder, "labels.jsonl")],
      columns,
      metrics: rows.map(metricOf),
      slices: [],
    });
    expect(answer.problems).toEqual([]);
    rows.forEach((wanted, index) => {
      for (const [query, value] of Object.entries(wanted.values)) {
        const found = scoreOf(answer.table, index, query);
        // A query without a relevant item is 0 and counted in the libraries, left out here.
        expect(Math.abs((found ?? 0) - value), `${wanted.source} of query ${query}: ${value}, found ${found}`).toBeLessThanOrEqual(1e-9);
        if (found === null) expect(Object.values(qrels[query] ?? {}).every((grade) => grade < wanted.convention.min_rel)).toBe(true);
      }
    });
  });

  test("the rows compared are all there are for these metrics and conventions", () => {
    expect(smallCases.flatMap((known) => rowsOf(known, perQuery)).length).toBe(220);
  });

  test("means leave out queries without a relevant item, and count queries that the run misses as 0", async () => {
    const known = golden("ranking-small.json").find(({ id }) => id === "missing-and-empty");
    const { qrels, run } = inputs.parse(known?.inputs);
    const csv = (lists: Readonly<Record<string, Readonly<Record<string, number>>>>, name: string): string =>
      [
        `query_id,item_id,${name}`,
        ...Object.entries(lists).flatMap(([query, items]) => Object.entries(items).map(([item, value]) => `${query},${item},${value}`)),
      ].join("\n");
    writeFileSync(join(folder, "run.csv"), csv(run, "score"));
    writeFileSync(join(folder, "labels.csv"), csv(qrels, "label"));
    const metrics = [metric("ndcg@5"), metric("recall@5"), metric("mrr")];
    const { table } = await engine().score({
      candidate: [fileIn(folder, "run.csv")],
      baseline: null,
      labels: [fileIn(folder, "labels.csv")],
      columns,
      metrics,
      slices: [],
    });
    const mean = z.object({
      metric: z.string(),
      policy: z.string().includes("project default"),
      value: z.number(),
      n: z.number(),
      skipped: z.number(),
    });
    const wanted = known === undefined ? [] : rowsOf(known, mean).filter(({ metric: name }) => ["ndcg", "recall", "mrr"].includes(name));
    expect(wanted).toHaveLength(3);
    const units = table === null ? null : unitsOf(table);
    const measurements = units?.kind === "units" ? measurementsOf(units.table, "made", "no-baseline") : [];
    for (const { metric: name, value, n, skipped } of wanted) {
      const found = measurements.find((measurement) => measurement.metric.startsWith(name));
      expect(found?.candidate.value).toBeCloseTo(value, 12);
      expect(found?.units).toBe(n);
      expect(found?.excluded).toEqual({ noRelevant: skipped });
    }
  });
});

describe("two real rankers on the Cranfield collection", () => {
  const cases = golden("ranking-cranfield.json");
  const inOrder = row.safeExtend({ mean: z.number(), values: z.array(z.number()).length(225) });
  const queries = Array.from({ length: 225 }, (_, index) => String(index + 1));
  const run = (ranker: string) => [fileIn(join(import.meta.dirname, "../../golden"), `cranfield-run-${ranker}.tsv`)];
  const labels = [fileIn(join(import.meta.dirname, "../../../sandbox/data/cranfield"), "judgments.csv")];
  const own = { query: "query_id", item: "document_id", score: "score", label: "grade" };

  test.each(["bm25", "cosine"])("every query of %s equals pytrec_eval", async (ranker) => {
    const rows = cases.filter(({ id }) => id === ranker).flatMap((known) => rowsOf(known, inOrder));
    expect(rows.length).toBeGreaterThanOrEqual(7);
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
      found.forEach((value, place) => expect(Math.abs(value - (wanted.values[place] ?? 0))).toBeLessThanOrEqual(1e-9));
      expect(clusteredMean(found).mean).toBeCloseTo(wanted.mean, 12);
    });
  });

  test("the paired interval and tests equal scipy", async () => {
    const paired = z.object({
      metric: z.enum(["ndcg", "recall", "mrr"]),
      k: z.number().optional(),
      difference: z.number(),
      standard_error: z.number(),
      t: z.number(),
      p_two_sided: z.number(),
      interval_95: z.tuple([z.number(), z.number()]),
      non_inferiority_margin: z.number(),
      p_non_inferior: z.number(),
    });
    const rows = cases.filter(({ id }) => id === "paired").flatMap((known) => rowsOf(known, paired));
    expect(rows.map(({ metric: name }) => name)).toEqual(["ndcg", "recall", "mrr"]);
    const metrics = rows.map(({ metric: family, k }) => metric(k === undefined ? family : `${family}@${k}`));
    const { table } = await engine().score({ candidate: run("cosine"), baseline: run("bm25"), labels, columns: own, metrics, slices: [] });
    const units = table === null ? null : unitsOf(table);
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
