import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSandbox, type Sandbox } from "#adapters/duckdb/sandbox.ts";

let folder: string;
let sandbox: Sandbox;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sandbox-"));
  for (const name of ["given.csv", "other.csv"]) writeFileSync(join(folder, name), "a\n1\n");
  sandbox = await openSandbox([join(folder, "given.csv")], { threads: 1, memoryLimit: "128MB", temporaryDirectory: join(folder, "tmp") });
});
afterAll(() => {
  sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the database reads the files it was given", async () => {
  const result = await sandbox.connection.runAndReadAll(`SELECT * FROM read_csv('${join(folder, "given.csv")}')`);
  expect(result.getRowsJS()).toEqual([[1n]]);
});

test.each([
  ["another file of the folder", () => `SELECT * FROM read_csv('${join(folder, "other.csv")}')`],
  ["a way around through ..", () => `SELECT * FROM read_csv('${folder}/tmp/../other.csv')`],
  ["a file of the system", () => "SELECT * FROM read_text('/etc/passwd')"],
  ["a list of files", () => `SELECT * FROM glob('${folder}/*')`],
  ["writing a file", () => `COPY (SELECT 1) TO '${join(folder, "out.csv")}'`],
  ["another database", () => `ATTACH '${join(folder, "x.db")}'`],
  ["an extension", () => "INSTALL httpfs"],
  ["loading an extension", () => "LOAD httpfs"],
  ["a download", () => "SELECT * FROM read_csv('https://127.0.0.1:1/x.csv')"],
  ["allowing files again", () => "SET enable_external_access = true"],
  ["allowing a folder", () => "SET allowed_directories = ['/etc']"],
  ["more memory", () => "SET memory_limit = '64GB'"],
])("the database refuses %s", async (_, sql) => {
  await expect(sandbox.connection.run(sql())).rejects.toThrow(/Permission|configuration|disabled|Cannot/i);
});
