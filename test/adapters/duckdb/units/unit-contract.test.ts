import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { ownMetricSchema } from "#domain/evaluation/own-entry.ts";
import { unitGrain } from "#domain/evaluation/units/unit-grain.ts";
import { ownMetric } from "#domain/evaluation/units/unit-metric.ts";
import { columnsSchema, type EvaluationDefinition } from "#domain/model/model-definition.ts";
import type { EvaluationEngine, UnitScoringRequest } from "#ports/evaluation-engine.ts";
import { evaluationEngineFake, type Row } from "#test/support/fakes/evaluation-engine.ts";
import { fileIn } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "unit-contract-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files: Readonly<Record<string, readonly Row[]>> = {
  "candidate.jsonl": [
    { query_id: "a", item_id: "1", score: 3, margin: 2 },
    { query_id: "a", item_id: "2", score: 2, margin: 5 },
    { query_id: "b", item_id: "1", score: 1, margin: 7 },
  ],
  "baseline.jsonl": [
    { query_id: "a", item_id: "2", score: 3, margin: 4 },
    { query_id: "c", item_id: "1", score: 1, margin: 1 },
  ],
  "labels.jsonl": [
    { query_id: "a", item_id: "1", label: 1, clicked: 1 },
    { query_id: "a", item_id: "2", label: 0, clicked: 0 },
    { query_id: "b", item_id: "1", label: 1, clicked: 1 },
    { query_id: "c", item_id: "1", label: 1, clicked: 0 },
  ],
  "judged.jsonl": [
    { unit: "x", run: 1, score: "pass", preference: "win" },
    { unit: "x", run: 2, score: "fail", preference: "tie" },
    { unit: "y", run: 1, score: "pass", preference: "loss" },
  ],
};
const sum = (rows: readonly Row[], of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0);
const expressions = {
  "sum(margin * clicked)": (rows: readonly Row[]) => sum(rows, ({ margin, clicked }) => Number(margin) * Number(clicked)),
  "sum(margin)": (rows: readonly Row[]) => sum(rows, ({ margin }) => Number(margin)),
  "count(*)": (rows: readonly Row[]) => rows.length,
};

const engines = {
  duckdb: (): EvaluationEngine => duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") }),
  fake: (): EvaluationEngine =>
    evaluationEngineFake({ files: new Map(Object.entries(files).map(([name, rows]) => [join(folder, name), rows])), expressions }),
};

describe.each(Object.entries(engines))("a model's own metrics by the engine %s", (_, engine) => {
  beforeAll(() => {
    for (const [name, rows] of Object.entries(files))
      writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  });
  const request = (task: EvaluationDefinition["task"], columns: object, over: Partial<UnitScoringRequest>): UnitScoringRequest => {
    const parsed = columnsSchema.parse(columns);
    return {
      candidate: [fileIn(folder, "candidate.jsonl")],
      baseline: [fileIn(folder, "baseline.jsonl")],
      labels: [fileIn(folder, "labels.jsonl")],
      columns: parsed,
      slices: [],
      metrics: [],
      grain: unitGrain({ task, columns: parsed }),
      ...over,
    };
  };

  test("are values of the labelled queries, null where an arm has no rows", async () => {
    const own = { name: "own", better: "higher" };
    const metrics = [
      { ...own, sql: "sum(margin * clicked)" },
      { ...own, numerator: "sum(margin)", denominator: "count(*)" },
    ].map((entry) => ownMetric(ownMetricSchema.parse(entry)));
    const { table, problems } = await engine().scoreUnits(request("ranking", {}, { metrics }));
    expect(problems).toEqual([]);
    expect(table?.rows).toEqual(["a", "b", "c"]);
    expect(table?.metrics.map(({ candidate }) => candidate)).toEqual([
      { values: [2, 7, null], denominators: null },
      { values: [7, 7, null], denominators: [2, 1, null] },
    ]);
    expect(table?.metrics[0]?.baseline?.values).toEqual([0, null, 0]);
    expect(table?.listed).toEqual({ candidate: [true, true, false], baseline: [true, false, true] });
  });

  test("are a judge's scores and preferences, repeats averaged", async () => {
    const value = (column: string, kind: "score" | "preference"): UnitScoringRequest["metrics"][number] => ({
      name: column,
      better: "higher",
      range: { min: 0, max: 1 },
      printedConvention: {},
      value: kind === "score" ? { kind, column, passOrFail: true } : { kind, column },
    });
    const { table, problems } = await engine().scoreUnits(
      request(
        "judged",
        { repeat: "run" },
        {
          candidate: [fileIn(folder, "judged.jsonl")],
          baseline: null,
          labels: null,
          metrics: [value("score", "score"), value("preference", "preference")],
        },
      ),
    );
    expect(problems).toEqual([]);
    expect(table?.metrics.map(({ candidate }) => candidate.values)).toEqual([
      [0.5, 1],
      [0.75, 0],
    ]);
    expect(table?.facts.repeats).toEqual({ candidate: { least: 1, most: 2 }, baseline: null });
  });

  test("of a file that is not there are no-data", async () => {
    const { table, problems } = await engine().scoreUnits(request("ranking", {}, { candidate: [fileIn(folder, "none.jsonl")] }));
    expect(table).toBeNull();
    expect(problems.map(({ code, verdict }) => [code, verdict])).toEqual([["predictions-missing", "no-data"]]);
  });
});
