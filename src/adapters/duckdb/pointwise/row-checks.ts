import type { DuckDBConnection } from "@duckdb/node-api";
import { DataProblem, detailOf } from "#adapters/duckdb/data-problem.ts";
import { isWholeNumber } from "#adapters/duckdb/ids.ts";
import { mayRepeat } from "#adapters/duckdb/may-repeat.ts";
import { quotedName } from "#adapters/duckdb/sandbox.ts";
import { numberOf, type Source } from "#adapters/duckdb/source.ts";

/**
 * Rows are paired in memory: some 150 bytes each, 2.4 gigabytes at this many, more with units, clusters and slices, whose sets can hold no
 * more than 2^24 names. A sample of them says as much.
 */
export const mostRows = 16_000_000;

/** One way in which rows can be wrong. */
export type RowCheck = { readonly code: string; readonly problem: string; readonly condition: string; readonly advice?: string };

type Row = Readonly<Record<string, unknown>>;

/** What of a row's key is text, for joins and messages. */
export function keyText(key: readonly string[]): string {
  const parts = key.map((column) => `CAST(${quotedName(column)} AS VARCHAR)`);
  return parts.length === 1 ? (parts[0] ?? "''") : `concat_ws(chr(31), ${parts.join(", ")})`;
}

/** The key as it is joined: a whole number where every file holds one, which is the same several times faster, else text. */
export function keySql(key: readonly string[], sources: readonly Source[]): string {
  const [column = "", ...others] = key;
  const whole = others.length === 0 && sources.every(({ columns }) => isWholeNumber(columns.get(column)));
  return whole ? `CAST(${quotedName(column)} AS BIGINT)` : keyText(key);
}

/** Refuses rows without a key, and keys that come twice. */
export async function checkKeys(connection: DuckDBConnection, source: Source, key: readonly string[], once: boolean): Promise<void> {
  for (const column of key) {
    const empty = await firstRow(
      connection,
      source,
      `SELECT count(*)::DOUBLE AS n, (count(*) FILTER (${quotedName(column)} IS NULL))::DOUBLE AS wrong FROM ${source.view}`,
    );
    if (empty?.["wrong"] === 0) continue;
    const message = `Column ${JSON.stringify(column)} of ${named(source)} is empty in ${empty?.["wrong"]} of ${empty?.["n"]} rows: every row needs it.`;
    throw new DataProblem("identifier-missing", message);
  }
  if (!once || !(await mayRepeat(connection, keySql(key, [source]), source.view, source.rows))) return;
  const twice = await firstRow(
    connection,
    source,
    `SELECT ${keyText(key)} AS r, count(*)::DOUBLE AS n, (count(*) OVER ())::DOUBLE AS keys FROM ${source.view}
     GROUP BY r HAVING count(*) > 1 ORDER BY r LIMIT 1`,
  );
  if (twice === undefined) return;
  const message = `${named(source)} has a row more than once: ${keyName(key)} = ${shownKey(twice["r"])} comes ${twice["n"]} times (${twice["keys"]} such rows). Keep one each, or name all key columns in columns.row.`;
  throw new DataProblem("duplicate-rows", message);
}

/** A finite number in every row of a column, of the kind that a role asks for. */
export async function checkNumbers(
  connection: DuckDBConnection,
  source: Source,
  key: readonly string[],
  column: string,
  role: string,
  within: readonly RowCheck[] = [],
): Promise<void> {
  const type = source.columns.get(column) ?? "";
  if (!numeric.test(type)) {
    const message = `Column ${JSON.stringify(column)} of ${named(source)} is of type ${type}, not a number.`;
    throw new DataProblem(`${role}-not-numeric`, message);
  }
  const raw = quotedName(column);
  await checkRows(connection, source, key, column, role, [
    {
      code: `${role}-not-numeric`,
      problem: "holds text that is no number",
      condition: `${raw} IS NOT NULL AND ${numberOf(column)} IS NULL`,
    },
    { code: `${role}-not-finite`, problem: "is NaN or infinite", condition: `NOT isfinite(${numberOf(column)})` },
    { code: `${role}-missing`, problem: "is empty", condition: `${raw} IS NULL` },
    ...within,
  ]);
}

/** Says the first thing that is wrong with a column: in how many rows, and where for example. */
export async function checkRows(
  connection: DuckDBConnection,
  source: Source,
  key: readonly string[],
  column: string,
  role: string,
  checks: readonly RowCheck[],
): Promise<void> {
  const counts = checks.map(({ condition }, index) => `(count(*) FILTER (${condition}))::DOUBLE AS wrong_${index}`);
  const found = await firstRow(connection, source, `SELECT count(*)::DOUBLE AS n, ${counts.join(", ")} FROM ${source.view}`);
  const index = checks.findIndex((_, at) => found?.[`wrong_${at}`] !== 0);
  const first = checks[index];
  if (first === undefined) return;
  const example = await firstRow(
    connection,
    source,
    `SELECT ${keyText(key)} AS r, CAST(${quotedName(column)} AS VARCHAR) AS value FROM ${source.view} WHERE ${first.condition} ORDER BY r, value LIMIT 1`,
  );
  const value = example?.["value"] ?? null;
  const place = `${value === null ? "" : `${JSON.stringify(value)} `}at ${keyName(key)} = ${shownKey(example?.["r"])}`;
  const what = `Column ${JSON.stringify(column)} (${role}) of ${named(source)}`;
  const advice = first.advice === undefined ? "" : ` ${first.advice}`;
  throw new DataProblem(first.code, `${what} ${first.problem} in ${found?.[`wrong_${index}`]} of ${found?.["n"]} rows: ${place}.${advice}`);
}

const numeric = /^(?:VARCHAR|FLOAT|DOUBLE|DECIMAL.*|BOOLEAN|U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?)$/;

export function keyName(key: readonly string[]): string {
  return key.join(", ");
}

export function shownKey(text: unknown): string {
  return JSON.stringify(String(text ?? "").replaceAll("\u001f", ", "));
}

export function named({ table }: Source): string {
  return `${table.files.map(({ name }) => name).join(", ")} (${table.what})`;
}

async function firstRow(connection: DuckDBConnection, source: Source, sql: string): Promise<Row | undefined> {
  const result = await connection.runAndReadAll(sql).catch((error: unknown) => {
    const detail = detailOf(error, source.table.files);
    throw new DataProblem("file-unreadable", `${named(source)} cannot be read to its end: ${detail}`, { cause: error });
  });
  return result.getRowObjectsJS()[0];
}
