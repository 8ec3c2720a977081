import type { FoundRows } from "#ports/data-files.ts";
import type { InputFile } from "#ports/evaluation-engine.ts";
import { DataProblem, detailOf } from "./data-problem.ts";
import { checkFiles } from "./input-files.ts";
import { type DuckDbSettings, openSandbox, quotedName } from "./sandbox.ts";
import { openSource, textOf } from "./source.ts";

/** Finds rows by the texts in some columns, with their numbers. One thread reads the file from its beginning, so that a row's number is its place. */
export async function findRows(
  file: InputFile,
  where: Readonly<Record<string, string>>,
  most: number,
  settings: DuckDbSettings,
): Promise<FoundRows> {
  const checked = await checkFiles("a file to look at", [file], "error");
  if (checked.kind === "problem") return { kind: "refused", reason: checked.problem.message };
  const sandbox = await openSandbox([file.path], { ...settings, threads: 1, keepsOrder: true });
  try {
    const { connection } = sandbox;
    const columns = Object.keys(where);
    const needs = { required: Object.fromEntries(columns.map((column) => [column, column])), asText: columns, typed: false };
    const source = await openSource(connection, "looked_at", checked.table, needs);
    const names = [...source.columns.keys()];
    const shown = names.map((name) => `CAST(${quotedName(name)} AS VARCHAR)`).join(", ");
    const wanted = columns.map((column, index) => `${textOf(column)} = $${index + 1}`).join(" AND ");
    const read = await connection.runAndReadAll(
      `SELECT row_number, (count(*) OVER ())::DOUBLE, ${shown}
       FROM (SELECT (row_number() OVER ())::DOUBLE AS row_number, * FROM ${source.view}) WHERE ${wanted} ORDER BY 1 LIMIT ${most}`,
      Object.values(where),
    );
    const rows = read.getRowsJS();
    return {
      kind: "rows",
      columns: names,
      rows: rows.map(([row, , ...cells]) => ({ row: Number(row), cells: cells.map((cell) => (cell === null ? null : String(cell))) })),
      total: Number(rows[0]?.[1] ?? 0),
    };
  } catch (error) {
    if (error instanceof DataProblem) return { kind: "refused", reason: error.finding.message };
    return { kind: "refused", reason: `${file.name} cannot be read: ${detailOf(error, [file])}` };
  } finally {
    sandbox.close();
  }
}
