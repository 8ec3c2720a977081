import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import type { ColumnsAnswer, ColumnsRequest, EvaluationEngine, WantedColumn } from "#ports/evaluation-engine.ts";
import { evaluationEngineFake, type Row } from "#test/support/fakes/evaluation-engine.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "read-columns-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const engines: Readonly<Record<string, (rows: readonly Row[]) => EvaluationEngine>> = {
  "the fake": (rows) => evaluationEngineFake({ files: new Map([[join(folder, "bench.jsonl"), rows]]) }),
  DuckDB: (rows) => {
    writeFileSync(join(folder, "bench.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
  },
};

const arm: WantedColumn = { role: "arm", column: "arm", kind: "text", required: true };
const latency: WantedColumn = { role: "latency", column: "latency_ms", kind: "number", required: false };
const cost: WantedColumn = { role: "cost", column: "cost", kind: "number", required: false };

describe.each(Object.entries(engines))("columns of a file, read by %s", (_, build) => {
  const request = (columns: readonly WantedColumn[], name = "bench.jsonl"): ColumnsRequest => ({
    what: "the benchmark",
    files: [{ path: join(folder, name), name }],
    columns,
  });
  const read = (rows: readonly Row[], columns: readonly WantedColumn[] = [arm, latency, cost], name?: string): Promise<ColumnsAnswer> =>
    build(rows).readColumns(request(columns, name));

  test("stand in one order, whatever the file's; an empty cell and a column that is not there are null", async () => {
    const rows = [
      { arm: "b", latency_ms: 2 },
      { arm: "a", latency_ms: null },
      { arm: "b", latency_ms: 1 },
    ];
    const answer = await read(rows);
    expect(answer).toEqual({
      table: { rows: 3, texts: { arm: ["a", "b", "b"] }, numbers: { latency: [null, 1, 2], cost: null } },
      problems: [],
    });
    expect(await read(rows.toReversed())).toEqual(answer);
  });

  test("are of the rows that hold one of some texts, whatever stands in the texts; there may be none", async () => {
    const odd = 'o\'dd \\ \u0000 "id" € 007';
    const rows = [odd, "007", "7", "a"].map((name, index) => ({ arm: name, latency_ms: index }));
    const only = (...values: readonly string[]) => build(rows).readColumns({ ...request([arm, latency]), only: { column: "arm", values } });
    expect((await only(odd, "007")).table).toMatchObject({ rows: 2, texts: { arm: ["007", odd] }, numbers: { latency: [1, 0] } });
    expect(await only("b")).toEqual({ table: { rows: 0, texts: { arm: [] }, numbers: { latency: [] } }, problems: [] });
  });

  test.each([
    ["a required column that is missing", [{ latency_ms: 1 }], "column-missing"],
    ["text in the place of a number", [{ arm: "a", latency_ms: "slow" }], "latency-not-numeric"],
    ["a number that is not finite", [{ arm: "a", latency_ms: "NaN" }], "latency-not-finite"],
  ])("are refused with %s", async (_what, rows, code) => {
    const { table, problems } = await read(rows);
    expect([table, problems.map((problem) => [problem.code, problem.verdict])]).toEqual([null, [[code, "error"]]]);
  });

  test("are no-data without their file", async () => {
    const { table, problems } = await read([{ arm: "a" }], [arm], "elsewhere.jsonl");
    expect([table, problems.map(({ verdict }) => verdict)]).toEqual([null, ["no-data"]]);
  });
});
