import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { assembleReport } from "#domain/evaluation/assemble-report.ts";
import { printReport, type Report } from "#domain/evaluation/report.ts";
import type { ScoringAnswer } from "#domain/evaluation/scored-table.ts";
import { evaluationEngineFake, type Row } from "#test/support/fakes/evaluation-engine.ts";
import { gates, header } from "#test/support/report-request.ts";
import { fileIn, metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "properties-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const columns = { ...scoringRequest("").columns, propensity: "seen" };
/** Each property scores some forty metrics a dozen times; a busy machine needs longer than a plain test may take. */
const patience = 90_000;
const runs = { numRuns: 3 };
type Scored = { readonly query_id: string; readonly item_id: string; readonly score: number };
type World = { readonly candidate: readonly Scored[]; readonly baseline: readonly Scored[]; readonly labels: readonly Row[] };

/** A few queries with the same items in both arms, coarse scores so that ties are common, and graded labels. */
const worlds: fc.Arbitrary<World> = fc
  .array(
    fc.record({
      score: fc.integer({ min: -4, max: 4 }),
      other: fc.integer({ min: -4, max: 4 }),
      label: fc.integer({ min: -1, max: 3 }),
      value: fc.integer({ min: -900, max: 900 }),
      place: fc.integer({ min: 1, max: 9 }),
    }),
    { minLength: 8, maxLength: 60 },
  )
  .map((cells) => {
    const ids = cells.map((_, index) => ({ query_id: `q${index % 5}`, item_id: `d${(index * 7919) % 1000}` }));
    return {
      candidate: cells.map(({ score }, index) => ({ ...(ids[index] ?? { query_id: "", item_id: "" }), score: score / 3 })),
      baseline: cells.map(({ other }, index) => ({ ...(ids[index] ?? { query_id: "", item_id: "" }), score: other / 3 })),
      labels: cells.map(({ label, value, place }, index) => ({
        ...(ids[index] ?? { query_id: "", item_id: "" }),
        label,
        value: value / 7,
        seen: 1 / place,
      })),
    };
  });

const metrics = [
  metric("ndcg@3"),
  metric("ndcg@3", { ties: "average" }),
  metric("recall@3"),
  metric("mrr"),
  metric("mrr@2", { ties: "worst" }),
  metric("ndcg", { gain: { 1: 1, 2: 1.5, 3: 7 }, ideal: "retrieved" }),
  metric("map"),
  metric("bpref"),
  metric("err", { ties: "worst" }),
  metric("rbp", { ties: "average" }),
  metric("rbp_residual@3"),
  metric("r_precision", { ties: "average" }),
  metric("f1@2"),
  metric("judged@3"),
  metric("gauc"),
  metric("recall@3", { clicks: "ips", ties: "average" }),
  metric("mrr", { clicks: "ips", clip: 4 }),
  metric("value@3", { discount: "log2" }),
  metric("value@2", { clicks: "ips", clip: 3, ties: "average" }),
  metric("dcg@3", { clicks: "ips", gain: "exp2" }),
  metric("hit_rate@3", { clicks: "ips" }),
];
/** Sums of values and of inverse propensities stand last and have no range. */
const unbounded = 4;
const renamed = metrics.map((own, index) => ({ ...own, name: `${own.name}#${index}` }));

describe("scores in DuckDB", () => {
  test(
    "do not depend on the order of rows, on how files are split, or on the number of threads: not one byte of the report",
    async () => {
      await fc.assert(
        fc.asyncProperty(worlds, fc.integer({ min: 1, max: 7 }), async (world, step) => {
          const whole = bytes(await score(world));
          expect(bytes(await score(world, 1))).toBe(whole);
          const mixed = {
            candidate: strided(world.candidate, step),
            baseline: world.baseline.toReversed(),
            labels: strided(world.labels, step + 1),
          };
          expect(bytes(await score(mixed))).toBe(whole);
          const half = Math.ceil(world.candidate.length / 2);
          write("part-1.jsonl", world.candidate.slice(half));
          write("part-2.jsonl", world.candidate.slice(0, half));
          expect(bytes(await score(world, 2, ["part-1.jsonl", "part-2.jsonl"]))).toBe(whole);
        }),
        runs,
      );
    },
    patience,
  );

  test(
    "do not change when scores are scaled, or moved by any increasing function",
    async () => {
      await fc.assert(
        fc.asyncProperty(worlds, async (world) => {
          const moved = { ...world, candidate: world.candidate.map((row) => ({ ...row, score: 1000 + 8 * row.score ** 3 })) };
          expect(metricValues(await score(moved))).toEqual(metricValues(await score(world)));
        }),
        runs,
      );
    },
    patience,
  );

  test(
    "do not change when ids are renamed in the same order",
    async () => {
      await fc.assert(
        fc.asyncProperty(worlds, async (world) => {
          const rename = <R extends Row>(row: R): R => ({ ...row, query_id: `é${row["query_id"]}`, item_id: `x-${row["item_id"]}` });
          const other = { candidate: world.candidate.map(rename), baseline: world.baseline.map(rename), labels: world.labels.map(rename) };
          expect(metricValues(await score(other))).toEqual(metricValues(await score(world)));
        }),
        runs,
      );
    },
    patience,
  );

  test(
    "swap when the arms swap",
    async () => {
      await fc.assert(
        fc.asyncProperty(worlds, async (world) => {
          const there = await score(world);
          const back = await score({ ...world, candidate: world.baseline, baseline: world.candidate });
          const swapped = metricValues(there).map(({ candidate, baseline }) => ({ candidate: baseline, baseline: candidate }));
          expect(metricValues(back)).toEqual(swapped);
          const differences = (answer: ScoringAnswer) => reportOf(answer).measurements.map(({ difference }) => difference?.value ?? null);
          const negated = differences(back).map((value) => (value === null ? null : 0 - value));
          expect(negated).toEqual(differences(there));
        }),
        runs,
      );
    },
    patience,
  );

  test(
    "lie in the metric's range, and a perfect list scores exactly 1",
    async () => {
      await fc.assert(
        fc.asyncProperty(worlds, async (world) => {
          const grades = new Map(world.labels.map((row) => [`${row["query_id"]} ${row["item_id"]}`, Number(row["label"])]));
          const perfect = world.candidate.map((row) => ({ ...row, score: grades.get(`${row.query_id} ${row.item_id}`) ?? 0 }));
          const values = metricValues(await score({ ...world, candidate: perfect }));
          for (const { baseline } of values.slice(0, -unbounded))
            for (const value of baseline ?? []) if (value !== null) expect(value >= 0 && value <= 1).toBe(true);
          for (const value of values[0]?.candidate ?? []) if (value !== null) expect(value).toBe(1);
        }),
        runs,
      );
    },
    patience,
  );

  test(
    "equal the definitions computed in plain TypeScript",
    async () => {
      await fc.assert(
        fc.asyncProperty(worlds, async (world) => {
          const fake = evaluationEngineFake({
            files: new Map(Object.entries(world).map(([name, rows]) => [join(folder, `${name}.jsonl`), rows])),
          });
          const wanted = metricValues(await fake.score(scoringRequest(folder, { metrics: renamed, columns })));
          const found = metricValues(await score(world));
          expect(rounded(found)).toEqual(rounded(wanted));
        }),
        runs,
      );
    },
    patience,
  );
});

function score(world: World, threads = 2, parts: readonly string[] = ["candidate.jsonl"]): Promise<ScoringAnswer> {
  write("candidate.jsonl", world.candidate);
  write("baseline.jsonl", world.baseline);
  write("labels.jsonl", world.labels);
  const engine = duckdbEvaluationEngine({ threads, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
  return engine.score(scoringRequest(folder, { metrics: renamed, columns, candidate: parts.map((name) => fileIn(folder, name)) }));
}

function bytes(answer: ScoringAnswer): string {
  return printReport(reportOf(answer));
}

function reportOf(answer: ScoringAnswer): Report {
  return assembleReport({ header, answer, gates: gates({ metric: "ndcg@3#0", noWorseThan: "2%" }), identical: "allowed" });
}

function metricValues({ table }: ScoringAnswer) {
  return (table?.metrics ?? []).map((scored) =>
    scored.kind === "scored" ? { candidate: scored.candidate, baseline: scored.baseline } : { candidate: [], baseline: [] },
  );
}

function rounded(values: ReturnType<typeof metricValues>) {
  const round = (arm: readonly (number | null)[] | null) => arm?.map((value) => (value === null ? null : Number(value.toFixed(12))));
  return values.map(({ candidate, baseline }) => ({ candidate: round(candidate), baseline: round(baseline) }));
}

function strided<T>(rows: readonly T[], step: number): readonly T[] {
  return Array.from({ length: step }, (_, start) => rows.filter((_row, index) => index % step === start)).flat();
}

function write(name: string, rows: readonly Row[]): void {
  writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}
