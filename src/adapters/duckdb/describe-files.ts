import type { DuckDBConnection } from "@duckdb/node-api";
import type { DescribedColumn, DescribedFile } from "#domain/model/described-file.ts";
import type { DataFiles, FileDescription } from "#ports/data-files.ts";
import type { InputFile } from "#ports/evaluation-engine.ts";
import { DataProblem, detailOf } from "./data-problem.ts";
import { findRows } from "./find-rows.ts";
import { checkFiles } from "./input-files.ts";
import { type DuckDbSettings, openSandbox, quotedName } from "./sandbox.ts";
import { openSource, type Source } from "./source.ts";

/** Up to so many different values are listed. */
const fewValues = 20;

/** Looks at local files with DuckDB, each in a database that can read nothing else. Distinct values of a large column are counted approximately. */
export function duckdbDataFiles(settings: DuckDbSettings): DataFiles {
  return {
    describe: (file) => describe(file, settings),
    findRows: (file, where, most) => findRows(file, where, most, settings),
  };
}

async function describe(file: InputFile, settings: DuckDbSettings): Promise<FileDescription> {
  const checked = await checkFiles("a file to look at", [file], "error");
  if (checked.kind === "problem") return { kind: "refused", reason: checked.problem.message };
  const sandbox = await openSandbox([file.path], settings);
  try {
    const needs = { required: {}, asText: [], typed: true };
    const source = await openSource(sandbox.connection, "looked_at", checked.table, needs);
    // Labels are compared as they are written: in a text file "yes" is no boolean.
    const { format } = checked.table;
    const written =
      format === "csv" || format === "tsv" ? [...source.columns].flatMap(([name, type]) => (type === "BOOLEAN" ? [name] : [])) : [];
    const asWritten =
      written.length === 0 ? source : await openSource(sandbox.connection, "as_written", checked.table, { ...needs, asText: written });
    return { kind: "described", file: await describedFile(sandbox.connection, file.name, asWritten) };
  } catch (error) {
    if (error instanceof DataProblem) return { kind: "refused", reason: error.finding.message };
    return { kind: "refused", reason: `${file.name} cannot be read: ${detailOf(error, [file])}` };
  } finally {
    sandbox.close();
  }
}

async function describedFile(connection: DuckDBConnection, name: string, { view, columns }: Source): Promise<DescribedFile> {
  const typed = [...columns].map(([column, type]) => ({ column, raw: quotedName(column), type: typeOf(type) }));
  const facts = typed.flatMap(({ raw, type }) => {
    const number = type === "number" ? `TRY_CAST(${raw} AS DOUBLE)` : "NULL::DOUBLE";
    const ends = type === "number" ? `bool_and(${number} = floor(${number}))` : "NULL::BOOLEAN";
    return [`approx_count_distinct(${raw})::DOUBLE`, `min(${number})`, `max(${number})`, ends];
  });
  const read = await connection.runAndReadAll(`SELECT count(*)::DOUBLE, ${facts.join(", ")} FROM ${view}`);
  const [rows, ...values] = read.getRowsJS()[0] ?? [];
  const described: DescribedColumn[] = [];
  for (const [index, { column, raw, type }] of typed.entries()) {
    const [distinct, least, greatest, whole] = values.slice(4 * index, 4 * index + 4);
    const about = Number(distinct ?? 0);
    const listed = about <= 2 * fewValues && type !== "other" ? await valuesOf(connection, view, raw) : null;
    described.push({
      name: column,
      type,
      distinct: listed?.length ?? about,
      values: listed,
      least: finite(least),
      greatest: finite(greatest),
      whole: whole === true,
    });
  }
  return { name, rows: Number(rows ?? 0), columns: described };
}

async function valuesOf(connection: DuckDBConnection, view: string, raw: string): Promise<readonly string[] | null> {
  const sql = `SELECT CAST(v AS VARCHAR) FROM (SELECT DISTINCT ${raw} AS v FROM ${view} WHERE ${raw} IS NOT NULL) ORDER BY v LIMIT ${fewValues + 1}`;
  const rows = (await connection.runAndReadAll(sql)).getRowsJS();
  return rows.length > fewValues ? null : rows.map(([value]) => String(value));
}

function typeOf(type: string): DescribedColumn["type"] {
  if (/^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|REAL|DECIMAL)\b/.test(type) && !type.endsWith("]")) return "number";
  if (type === "BOOLEAN") return "boolean";
  return type === "VARCHAR" || type === "UUID" || type.startsWith("ENUM") ? "text" : "other";
}

function finite(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
