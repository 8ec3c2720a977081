import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, describe, expect, test } from "vitest";
import { writePredictions } from "#sandbox/rankers/predictions.ts";
import type { Run } from "#sandbox/rankers/rank.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const folder = mkdtempSync(join(tmpdir(), "predictions-"));
afterAll(() => rmSync(folder, { recursive: true }));

const run: Run = new Map([
  [
    "1",
    [
      { document: "007", score: 2.5 },
      { document: "12", score: 1 },
    ],
  ],
  ["2", [{ document: "7", score: 0.1234 }]],
]);

describe("predictions", () => {
  test.each(["csv", "jsonl", "parquet"])("read back from .%s with ids as they were", async (extension) => {
    const path = join(folder, `run.${extension}`);
    expect(await writePredictions(path, run)).toBe(3);
    expect(await rowsOf(path)).toEqual([
      ["1", "007", 2.5],
      ["1", "12", 1],
      ["2", "7", 0.1234],
    ]);
  });

  test("are the same bytes when written twice", async () => {
    const paths = [join(folder, "first.parquet"), join(folder, "second.parquet")];
    for (const path of paths) await writePredictions(path, run);
    const [first, second] = paths.map((path) => readFileSync(path));
    expect(first).toEqual(second);
  });

  test("refuse a format that is none of the three", async () => {
    await expect(writePredictions(join(folder, "run.xlsx"), run)).rejects.toThrow(".csv, .jsonl or .parquet");
  });

  test("of the whole collection are written by predict.ts as a process", async () => {
    const path = join(folder, "bm25.parquet");
    const artifact = join(root, "sandbox", "rankers", "artifacts", "bm25.json");
    await promisify(execFile)(process.execPath, [join(root, "sandbox", "rankers", "predict.ts"), artifact, path]);
    expect((await rowsOf(path)).length).toBe(22_471);
  });
});

async function rowsOf(path: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const readers: Record<string, string> = {
    csv: `read_csv('${path}', types = {'query_id': 'VARCHAR', 'document_id': 'VARCHAR'})`,
    jsonl: `read_json('${path}', format = 'newline_delimited')`,
    parquet: `read_parquet('${path}')`,
  };
  const result = await connection.runAndReadAll(`SELECT query_id, document_id, score FROM ${readers[path.split(".").at(-1) ?? ""]}`);
  const rows = result.getRowsJson();
  connection.closeSync();
  return rows;
}
