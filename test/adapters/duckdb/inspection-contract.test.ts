import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import type { EvaluationEngine, InspectionRequest } from "#ports/evaluation-engine.ts";
import { evaluationEngineFake, type Row } from "#test/support/fakes/evaluation-engine.ts";
import { fileIn, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "inspection-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, readonly Row[]>>;
const engines: Readonly<Record<string, (files: Files) => EvaluationEngine>> = {
  "the fake": (files) => evaluationEngineFake({ files: new Map(Object.entries(files).map(([name, rows]) => [join(folder, name), rows])) }),
  DuckDB: (files) => {
    for (const [name, rows] of Object.entries(files))
      writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
  },
};

const arm = (snapshot: string): readonly Row[] => ["q2", "q1", "q10"].map((query_id) => ({ query_id, item_id: "a", score: 1, snapshot }));
const labels = [
  { query_id: "q1", item_id: "a", label: 1, at: "2026-11-18T02:00:00+02:00" },
  { query_id: "q2", item_id: "a", label: 1, at: "2026-11-20T12:00:00Z" },
  { query_id: "q10", item_id: "a", label: 1, at: "2026-11-19" },
];
const files = {
  "candidate.jsonl": arm("s2"),
  "baseline.jsonl": arm("s1"),
  "labels.jsonl": labels,
  "training.jsonl": [{ query_id: "q10" }, { query_id: "q1" }, { query_id: "q1" }, { query_id: "q7" }],
};

describe.each(Object.entries(engines))("what the files say, read by %s", (_, build) => {
  const inspect = (columns: object, over: Partial<InspectionRequest> = {}, changed: Files = {}) => {
    const { candidate, baseline, labels: ofLabels, columns: usual } = scoringRequest(folder);
    const request = {
      candidate,
      baseline,
      labels: ofLabels,
      columns: { ...usual, ...columns },
      unit: ["query_id"],
      training: null,
      ...over,
    };
    return build({ ...files, ...changed }).inspect(request);
  };

  test("is nothing where nothing was asked", async () => {
    expect(await inspect({})).toEqual({ facts: { snapshots: null, times: null, seen: null }, problems: [] });
  });

  test("names each arm's snapshots, the labels' times in UTC and the units that training saw", async () => {
    const { facts, problems } = await inspect({ snapshot: "snapshot", time: "at" }, { training: [fileIn(folder, "training.jsonl")] });
    expect(problems).toEqual([]);
    expect(facts).toEqual({
      snapshots: { candidate: ["s2"], baseline: ["s1"] },
      times: { candidate: null, baseline: null, labels: { from: Date.UTC(2026, 10, 18), to: Date.UTC(2026, 10, 20, 12) } },
      seen: { units: 3, seen: 2, examples: ["q1", "q10"] },
    });
  });

  test("takes the units of the candidate where there are no labels, and several columns that name one", async () => {
    const training = [
      { query_id: "q2", item_id: "a" },
      { query_id: "q1", item_id: "b" },
    ];
    const { facts } = await inspect(
      {},
      { labels: null, unit: ["query_id", "item_id"], training: [fileIn(folder, "training.jsonl")] },
      { "training.jsonl": training },
    );
    expect(facts?.seen).toEqual({ units: 3, seen: 1, examples: ["q2, a"] });
  });

  const ofLabels = (at: string | number | null) => ({ "labels.jsonl": labels.map((row) => ({ ...row, at })) });
  test.each<readonly [string, object, Files, string]>([
    ["a time that is none", { time: "at" }, ofLabels("yesterday"), "time-not-a-time"],
    ["a time of another century", { time: "at" }, ofLabels("0001-01-01T00:00:00Z"), "time-implausible"],
    ["a time column that no file has", { time: "when" }, {}, "column-missing"],
    ["a snapshot column that an arm lacks", { snapshot: "snap" }, {}, "column-missing"],
  ])("refuses %s", async (_name, columns, changed, code) => {
    const { facts, problems } = await inspect(columns, {}, changed);
    expect([facts, problems.map((problem) => [problem.code, problem.verdict])]).toEqual([null, [[code, "error"]]]);
  });

  test("refuses a file of training units without the unit's column", async () => {
    const { problems } = await inspect({}, { training: [fileIn(folder, "training.jsonl")] }, { "training.jsonl": [{ user: "u" }] });
    expect(problems.map(({ code }) => code)).toEqual(["column-missing"]);
  });
});
