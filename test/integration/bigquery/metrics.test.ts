import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bigqueryClient } from "#adapters/bigquery/client.ts";
import { bigqueryDialect } from "#adapters/bigquery/dialect.ts";
import { bigqueryEvaluationEngine } from "#adapters/bigquery/evaluation-engine.ts";
import { oneQuery } from "#adapters/bigquery/one-query.ts";
import { sourceSteps } from "#adapters/bigquery/source-steps.ts";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { ScoredTable } from "#domain/evaluation/scored-table.ts";
import { metricPlan } from "#domain/sql/metric-plan.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { type Emulator, startEmulator } from "#test/support/bigquery-emulator.ts";
import { compiledMetrics } from "#test/support/compiled-metrics.ts";
import { listData } from "#test/support/list-data.ts";
import { fileIn, metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
let emulator: Emulator;
const data = listData();
const types = {
  predictions: { query_id: "STRING", item_id: "STRING", score: "FLOAT64" },
  labels: {
    query_id: "STRING",
    item_id: "STRING",
    label: "INT64",
    value: "FLOAT64",
    seen: "FLOAT64",
    rank: "INT64",
    distance: "FLOAT64",
    user_id: "STRING",
    locale: "STRING",
    price: "FLOAT64",
    weight: "FLOAT64",
  },
  items: { item_id: "STRING", popularity: "INT64", category: "STRING", provider: "STRING", vector: "FLOAT64[]" },
};

beforeAll(async () => {
  const installed = process.env["SLIPWAY_BIGQUERY_EMULATOR"];
  if (installed === undefined) throw new Error("Run it as npm run test:integration, which brings the emulator.");
  folder = mkdtempSync(join(tmpdir(), "bigquery-"));
  for (const [name, rows] of Object.entries(data))
    writeFileSync(join(folder, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  emulator = await startEmulator(installed);
  await emulator.load("candidate", types.predictions, data.candidate);
  await emulator.load("baseline", types.predictions, data.baseline);
  await emulator.load("labels", types.labels, data.labels);
  await emulator.load("items", types.items, data.items);
});

afterAll(async () => {
  await emulator.stop();
  rmSync(folder, { recursive: true, force: true });
});

const columns = { ...scoringRequest("").columns, propensity: "seen", rank: "rank", distance: "distance" };

async function onDuckDb(over: Partial<ScoringRequest>): Promise<ScoredTable> {
  const engine = duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
  const { table, problems } = await engine.score(scoringRequest(folder, { items: [fileIn(folder, "items.jsonl")], columns, ...over }));
  if (table === null) throw new Error(JSON.stringify(problems));
  return table;
}

const settings = { credentials: null, project: null, mostBytes: 1e9 };

async function onBigQuery(over: Partial<ScoringRequest>): Promise<ScoredTable> {
  const at = (table: string) => [{ path: `bigquery://acme.shop.${table}`, name: `bigquery://acme.shop.${table}` }];
  const arms = { candidate: at("candidate"), baseline: at("baseline"), labels: at("labels"), items: at("items") };
  const { table, problems } = await bigqueryEvaluationEngine({ ...settings, url: emulator.url }).score(
    scoringRequest("", { ...arms, columns, ...over }),
  );
  if (table === null) throw new Error(JSON.stringify(problems));
  return table;
}

const measurable = Object.entries(compiledMetrics).filter(([, { corpus }]) => corpus === undefined);
const all = measurable.map(([, metric]) => metric);

type Values = {
  readonly candidate: readonly (number | null)[];
  readonly baseline: readonly (number | null)[];
  readonly weights: readonly number[];
};

function valuesOf({ metrics }: ScoredTable, wanted: Metric): Values {
  const found = metrics.find(({ metric }) => metric === wanted);
  if (found?.kind !== "scored") throw new Error(`${wanted.name} was not scored.`);
  return { candidate: found.candidate, baseline: found.baseline ?? [], weights: found.weights ?? [] };
}

/**
 * Equal to 1e-12 where not to the bit. Logarithms and powers differ in their last bit from one library to another. ROUND: wide sums, of
 * values and inverse propensities, which BigQuery adds in BIGNUMERIC; the emulator's has five decimals, for which it gives up low bits.
 * All else is added as whole numbers.
 */
const notToTheBit = /\b(?:LOG|LN|EXP|POW|SQRT|ROUND)\(/i;

describe("metrics on BigQuery", () => {
  let here: ScoredTable;
  let there: ScoredTable;
  beforeAll(async () => {
    [here, there] = [await onDuckDb({ metrics: all }), await onBigQuery({ metrics: all })];
  }, 400_000);

  test.each(measurable)("%s is what it is on DuckDB", (title, metric) => {
    const [own, other] = [valuesOf(here, metric), valuesOf(there, metric)];
    const sql = readFileSync(join("test/domain/sql/snapshots", `${title.replaceAll(/[, ]+/g, "-")}.bigquery.sql`), "utf8");
    if (!notToTheBit.test(sql)) return expect(other).toEqual(own);
    for (const arm of ["candidate", "baseline", "weights"] as const)
      other[arm].forEach((value, row) => {
        const expected = own[arm][row] ?? null;
        if (value === null || expected === null) expect([title, arm, row, value]).toEqual([title, arm, row, expected]);
        else
          expect(Math.abs(value - expected), `${title}, ${arm}, row ${row}`).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
      });
    expect(other.candidate).toHaveLength(own.candidate.length);
  });

  test("queries, lists and what preflight says of them are what they are on DuckDB", () => {
    expect(there.rows).toEqual(here.rows);
    expect(there.listed).toEqual(here.listed);
    expect(there.facts).toEqual(here.facts);
  });

  test("units, clusters, weights and slices are what they are on DuckDB", async () => {
    const described: Partial<ScoringRequest> = {
      metrics: [metric("ndcg@10")],
      columns: { ...columns, unit: "user_id", cluster: "user_id", weight: "weight" },
      slices: ["locale", { column: "price", buckets: [5, 10] }, { cross: ["locale", { column: "price", buckets: [5, 10] }] }],
    };
    const [own, other] = [await onDuckDb(described), await onBigQuery(described)];
    expect({ ...other, metrics: [] }).toEqual({ ...own, metrics: [] });
  });
});

test("the lists that corpus metrics count are cut on BigQuery too, by score and then id", async () => {
  const ref = (table: string) => ({ project: "acme", dataset: "shop", table });
  const tables = { candidate: ref("candidate"), baseline: null, labels: ref("labels"), items: ref("items") };
  const corpus = Object.values(compiledMetrics).filter((own) => own.corpus !== undefined);
  const scales = { largestLabel: 1, largestWeight: 1, largestValues: new Map(), size: 1, largest: new Map() };
  const { steps, candidate } = metricPlan(bigqueryDialect, corpus, [], false, scales);
  const [list] = candidate.lists.values();
  const sources = sourceSteps(scoringRequest("", { columns, metrics: corpus }), tables, [], null);
  const client = bigqueryClient({ ...settings, url: emulator.url }, "acme");
  const rows = await client.rows(oneQuery([...sources, ...steps], `SELECT q, k, d FROM ${list} ORDER BY q, k`));

  const labelled = new Set(data.labels.map(({ query_id }) => query_id));
  const byQuery = Map.groupBy(data.candidate, ({ query_id }) => query_id);
  const expected = [...byQuery].toSorted().flatMap(([query, items]) =>
    items
      .filter(() => labelled.has(query))
      .toSorted((a, b) => b.score - a.score || (a.item_id < b.item_id ? 1 : -1))
      .slice(0, 10)
      .map(({ item_id }, index) => [query, String(index + 1), item_id]),
  );
  expect(rows).toEqual(expected);
});

describe("what BigQuery cannot do is refused", () => {
  const refusal = async (over: Partial<ScoringRequest>): Promise<string> => {
    const refused = await onBigQuery({ metrics: [metric("ndcg@10")], ...over }).catch((error: unknown) => String(error));
    return typeof refused === "string" ? refused : "It was scored.";
  };

  test.each(Object.entries(compiledMetrics).filter(([, { corpus }]) => corpus !== undefined))(
    "%s counts the lists themselves",
    async (title, own) => {
      expect(await refusal({ metrics: [own] })).toContain(`${title} count the lists themselves`);
    },
  );

  test("scores in float32, conditions in DuckDB's SQL, a missing table and a missing column", async () => {
    expect(await refusal({ metrics: [metric("ndcg@10", { scores: "float32" })] })).toContain("float32");
    expect(await refusal({ slices: [{ name: "cheap", where: "price < 5" }] })).toContain("make them a column of the labels");
    expect(await refusal({ candidate: [{ path: "bigquery://acme.shop.nothing", name: "nothing" }] })).toContain(
      "There is no table nothing",
    );
    expect(await refusal({ columns: { ...columns, score: "scores" } })).toContain('Did you mean \\"score\\"?');
  });
});
