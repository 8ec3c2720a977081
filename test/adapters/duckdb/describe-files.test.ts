import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { duckdbDataFiles } from "#adapters/duckdb/describe-files.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "describe-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files = () => duckdbDataFiles({ threads: 1, memoryLimit: "256MB", temporaryDirectory: folder });

async function described(name: string, content?: string | Uint8Array) {
  const path = join(folder, name);
  if (content !== undefined) writeFileSync(path, content);
  return files().describe({ path, name });
}

const rows = ["query_id,item_id,score,clicked,grade", "q1,007,0.5,true,0", "q1,008,-2,false,3", "q2,007,1.25,true,1"].join("\n");
const facts = {
  rows: 3,
  columns: [
    { name: "query_id", type: "text", distinct: 2, values: ["q1", "q2"], least: null, greatest: null, whole: false },
    { name: "item_id", type: "number", distinct: 2, values: ["7", "8"], least: 7, greatest: 8, whole: true },
    { name: "score", type: "number", distinct: 3, values: ["-2.0", "0.5", "1.25"], least: -2, greatest: 1.25, whole: false },
    { name: "clicked", type: "text", distinct: 2, values: ["false", "true"], least: null, greatest: null, whole: false },
    { name: "grade", type: "number", distinct: 3, values: ["0", "1", "3"], least: 0, greatest: 3, whole: true },
  ],
};

describe("a look at a data file", () => {
  it.each([
    ["csv", "new.csv", rows],
    ["tsv", "new.tsv", rows.replaceAll(",", "\t")],
    ["a gzipped csv", "new.csv.gz", gzipSync(rows)],
  ])("tells columns, types, ranges and few values of %s", async (_, name, content) => {
    expect(await described(name, content)).toMatchObject({ kind: "described", file: { name, rows: 3, columns: [{}, {}, {}, {}, {}] } });
    const answer = await described(name);
    const columns = answer.kind === "described" ? answer.file.columns : [];
    expect(columns.filter(({ name: column }) => column !== "item_id")).toEqual(
      facts.columns.filter(({ name: column }) => column !== "item_id"),
    );
  });

  it("tells the labels of a text file as they are written", async () => {
    const answer = await described("yes.csv", "id,churned\n1,yes\n2,no\n3,yes\n");
    expect(answer.kind === "described" && answer.file.columns[1]).toMatchObject({ type: "text", values: ["no", "yes"] });
  });

  it("tells those of Parquet, with types as they were written", async () => {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const select = `SELECT 'q' || (i % 300) AS q, i::INTEGER AS i, (i / 3.0)::DECIMAL(9, 2) AS price, [i] AS list, DATE '2026-11-20' AS day FROM range(1000) t(i)`;
    await connection.run(`COPY (${select}) TO '${join(folder, "typed.parquet")}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    const answer = await described("typed.parquet");
    const columns = answer.kind === "described" ? answer.file.columns : [];
    expect(columns.map(({ name, type, values }) => [name, type, values])).toEqual([
      ["q", "text", null],
      ["i", "number", null],
      ["price", "number", null],
      ["list", "other", null],
      ["day", "other", null],
    ]);
    const queries = columns[0]?.distinct ?? 0;
    expect(queries).toBeGreaterThan(270);
    expect(queries).toBeLessThan(330);
  });

  it.each([
    ["missing", "none.csv", undefined, "There is no file none.csv"],
    ["empty", "empty.csv", "", "is empty"],
    ["without a row", "headers.csv", "a,b\n", "not one row"],
    ["torn", "torn.parquet", "PAR1 torn", "torn.parquet"],
    ["of no known format", "new.xlsx", "x", "format of new.xlsx"],
  ])("refuses a file that is %s, by name", async (_, name, content, message) => {
    const answer = await described(name, content);
    expect(answer).toMatchObject({ kind: "refused", reason: expect.stringContaining(message) });
    expect(answer.kind === "refused" && answer.reason).not.toContain(folder);
  });
});

describe("rows of a data file", () => {
  it.each([
    ["csv", "found.csv", rows],
    ["gzipped csv", "found.csv.gz", gzipSync(rows)],
    ["tsv", "found.tsv", rows.replaceAll(",", "\t")],
  ])("are found by the texts in their columns, with their place in the file (%s)", async (_, name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    expect(await files().findRows({ path, name }, { query_id: "q1", item_id: "008" }, 10)).toEqual({
      kind: "rows",
      columns: ["query_id", "item_id", "score", "clicked", "grade"],
      rows: [{ row: 2, cells: ["q1", "008", "-2", "false", "3"] }],
      total: 1,
    });
    expect(await files().findRows({ path, name }, { query_id: "q1" }, 1)).toMatchObject({ rows: [{ row: 1 }], total: 2 });
    expect(await files().findRows({ path, name }, { query_id: "q'; DROP" }, 10)).toMatchObject({ rows: [], total: 0 });
  });

  it("are refused by the name of a column that is not there", async () => {
    const path = join(folder, "other.csv");
    writeFileSync(path, rows);
    const found = await files().findRows({ path, name: "other.csv" }, { query: "q1" }, 10);
    expect(found).toMatchObject({ kind: "refused", reason: expect.stringContaining('no column "query"') });
  });
});
