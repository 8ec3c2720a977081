import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { measurementsOf } from "#domain/evaluation/measurements.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import { type MetricEntry, metricEntrySchema, parseMetricEntry } from "#domain/evaluation/metric-entry.ts";
import type { ScoringAnswer } from "#domain/evaluation/scored-table.ts";
import { unitsOf } from "#domain/evaluation/unit-table.ts";
import { golden } from "#test/support/golden.ts";
import { fileIn } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "recommender-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pairs = z.array(z.tuple([z.number(), z.number()]));
const places = z.array(z.tuple([z.number(), z.number(), z.number()]));
const listInputs = z.object({
  k: z.number(),
  catalog: z.array(z.number()),
  recommended: places,
  relevant: pairs,
  taken_before: pairs,
  features: z.record(z.string(), z.array(z.number())),
});
const popularityInputs = z.object({ k: z.number(), catalog: z.array(z.number()), recommended: places, taken: pairs });

type World = {
  readonly recommended: z.infer<typeof places>;
  readonly relevant: z.infer<typeof pairs>;
  readonly taken: z.infer<typeof pairs>;
  readonly catalog: readonly number[];
  readonly features: Readonly<Record<string, readonly number[]>>;
};

function score(world: World, metrics: readonly Metric[]): Promise<ScoringAnswer> {
  const { recommended, relevant, taken, catalog, features } = world;
  const write = (name: string, rows: readonly object[]): void =>
    writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  write(
    "run.jsonl",
    recommended.map(([query_id, item_id, rank]) => ({ query_id, item_id, score: -rank })),
  );
  write(
    "labels.jsonl",
    relevant.map(([query_id, item_id]) => ({ query_id, item_id, label: 1 })),
  );
  write(
    "items.jsonl",
    catalog.map((item_id) => ({ item_id, popularity: taken.filter(([, item]) => item === item_id).length, vector: features[item_id] })),
  );
  const engine = duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
  return engine.score({
    candidate: [fileIn(folder, "run.jsonl")],
    baseline: null,
    labels: [fileIn(folder, "labels.jsonl")],
    items: [fileIn(folder, "items.jsonl")],
    columns: { query: "query_id", item: "item_id", score: "score", label: "label" },
    metrics,
    slices: [],
  });
}

function metricOf(entry: MetricEntry): Metric {
  const parsed = parseMetricEntry(metricEntrySchema.parse(entry));
  if (parsed.kind === "unknown") throw new Error(parsed.message);
  return parsed.metric;
}

const listRow = z.object({
  metric: z.string(),
  k: z.number(),
  convention: z.string().optional(),
  values: z.record(z.string(), z.number()).optional(),
  mean: z.number().optional(),
  value: z.number().optional(),
  source: z.string().startsWith("RecTools"),
});

/** How a user spells what RecTools calls so; the convention `rectools` says the rest. */
function spelled({ metric, convention, k }: z.infer<typeof listRow>, users: number): MetricEntry {
  const own = {
    average_recommendation_popularity: { metric: `arp@${k}` },
    intra_list_diversity: { metric: `ild@${k}`, distance: "hamming", column: "vector" } as const,
    novelty: { metric: `novelty@${k}`, users },
    precision: { metric: `precision@${k}`, ...(convention === "divided by min(k, relevant)" && { divisor: "capped" as const }) },
    map: { metric: `map@${k}`, ...(convention === "divided by k" && { divisor: "k" as const }) },
  }[metric];
  return { metric: `${metric}@${k}`, ...own, name: "own", convention: "rectools" };
}

test.each(golden("recommender.json"))("RecTools, $id: $about", async (known) => {
  const inputs = listInputs.parse(known.inputs);
  const rows = known.expected.map((row) => listRow.parse(row));
  const users = new Set(inputs.taken_before.map(([user]) => user)).size;
  const metrics = rows.map((row) => metricOf(spelled(row, users)));
  const { table, problems } = await score({ ...inputs, taken: inputs.taken_before }, metrics);
  expect(problems).toEqual([]);
  const units = table === null ? null : unitsOf(table, "made");
  const measurements = units?.kind === "units" ? measurementsOf(units.table, "made", "no-baseline") : [];
  rows.forEach((row, index) => {
    const found = table?.metrics[index];
    const what = `${row.metric}: ${row.source} ${row.convention ?? ""}`;
    expect(measurements[index]?.candidate.value, what).toBeCloseTo(row.mean ?? row.value ?? Number.NaN, 9);
    for (const [user, value] of Object.entries(row.values ?? {})) {
      const own = found?.kind === "scored" ? found.candidate[table?.rows.indexOf(user) ?? -1] : undefined;
      expect(Math.abs((own ?? Number.NaN) - value), `${what} of user ${user}: ${value}, found ${own}`).toBeLessThanOrEqual(1e-9);
    }
  });
});

const popularityEntries: readonly (readonly [string, MetricEntry])[] = [
  ["gini", { metric: "gini@4", name: "own", convention: "evidently" }],
  ["gini", "gini@4"],
  ["gini", { metric: "gini@4", name: "own", divisor: "items" }],
  ["average_recommendation_popularity", { metric: "arp@4", name: "own", convention: "evidently" }],
  ["average_recommendation_popularity", { metric: "arp@4", name: "own", convention: "evidently", scale: "of_most_popular" }],
  ["coverage", { metric: "coverage@4", name: "own", convention: "evidently" }],
  ["coverage", "coverage@4"],
  ["entropy", "entropy@4"],
  ["personalisation", { metric: "personalisation@4", name: "own", convention: "evidently" }],
  ["personalisation", "personalisation@4"],
];

test("popularity bias, coverage and concentration: Evidently and the definitions, every row", async () => {
  const [known] = golden("recommender-popularity.json");
  const inputs = popularityInputs.parse(known?.inputs);
  const rows = (known?.expected ?? []).map((row) => z.object({ metric: z.string(), value: z.number(), source: z.string() }).parse(row));
  expect(rows.map(({ metric }) => metric)).toEqual(popularityEntries.map(([metric]) => metric));
  // Every user that is recommended something takes part: Evidently's lists have no labels.
  const relevant = inputs.recommended.filter(([, , rank]) => rank === 1).map(([user, item]): [number, number] => [user, item]);
  const { table } = await score(
    { ...inputs, relevant, features: {} },
    popularityEntries.map(([, entry], index) => ({ ...metricOf(entry), name: `own ${index}` })),
  );
  const units = table === null ? null : unitsOf(table, "made");
  const measurements = units?.kind === "units" ? measurementsOf(units.table, "made", "no-baseline") : [];
  rows.forEach(({ value, source }, index) => {
    const found = measurements[index]?.candidate.value ?? Number.NaN;
    expect(Math.abs(found - value), `${source}: ${value}, found ${found}`).toBeLessThanOrEqual(1e-9);
  });
});
