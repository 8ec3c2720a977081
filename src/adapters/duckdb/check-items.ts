import type { DuckDBConnection } from "@duckdb/node-api";
import type { Columns } from "#domain/model/model-definition.ts";
import { checkNumber } from "./check-rows.ts";
import { DataProblem } from "./data-problem.ts";
import { quotedName } from "./sandbox.ts";
import { numberOf, type Source, textOf } from "./source.ts";

/** Refuses a catalogue whose rows are not one an item. */
export async function checkItems(connection: DuckDBConnection, source: Source, { item }: Columns): Promise<void> {
  const empty = await firstRow(connection, `SELECT count(*)::DOUBLE FROM ${source.view} WHERE ${quotedName(item)} IS NULL`);
  if (empty?.[0] !== 0) {
    const message = `Column ${JSON.stringify(item)} of ${named(source)} is empty in ${empty?.[0]} rows: every row needs it.`;
    throw new DataProblem("identifier-missing", message);
  }
  const twice = await firstRow(
    connection,
    `SELECT ${textOf(item)} AS d, count(*)::DOUBLE, (count(*) OVER ())::DOUBLE FROM ${source.view}
     GROUP BY ALL HAVING count(*) > 1 ORDER BY d LIMIT 1`,
  );
  if (twice === undefined) return;
  const message = `${named(source)} has more than one row for an item: ${item} = ${JSON.stringify(twice[0])} has ${twice[1]} (${twice[2]} such items). Keep one row an item.`;
  throw new DataProblem("duplicate-items", message);
}

/** The largest number of a column that counts something: numbers from 0, or empty. */
export async function checkItemNumber(connection: DuckDBConnection, source: Source, columns: Columns, column: string): Promise<number> {
  await checkNumber(connection, source, { ...columns, query: columns.item }, column, "item-value", true);
  const number = numberOf(column);
  const negative = await firstRow(
    connection,
    `SELECT ${textOf(columns.item)} AS d, ${number} FROM ${source.view} WHERE ${number} < 0 ORDER BY d LIMIT 1`,
  );
  if (negative !== undefined) {
    const where = `${columns.item} = ${JSON.stringify(negative[0])}`;
    const message = `Column ${JSON.stringify(column)} of ${named(source)} is ${negative[1]} for ${where}: it counts something, so it cannot be below 0.`;
    throw new DataProblem("item-value-negative", message);
  }
  const most = await firstRow(connection, `SELECT max(${number}) FROM ${source.view}`);
  return typeof most?.[0] === "number" ? most[0] : 0;
}

/** The largest distance that two vectors of a column can have, by any measure: vectors of one length, of finite numbers, or empty. */
export async function checkItemVector(connection: DuckDBConnection, source: Source, columns: Columns, column: string): Promise<number> {
  const vector = `TRY_CAST(${quotedName(column)} AS DOUBLE[])`;
  const rows = `(SELECT ${textOf(columns.item)} AS d, ${quotedName(column)} AS written, ${vector} AS v FROM ${source.view} WHERE ${quotedName(column)} IS NOT NULL)`;
  const what = `Column ${JSON.stringify(column)} of ${named(source)}`;
  const wrong = await firstRow(
    connection,
    `SELECT d, CAST(written AS VARCHAR)[:60] FROM ${rows}
     WHERE v IS NULL OR len(v) = 0 OR len(list_filter(v, lambda x: x IS NULL OR NOT isfinite(x))) > 0 ORDER BY d LIMIT 1`,
  );
  if (wrong !== undefined) {
    const message = `${what} is ${JSON.stringify(wrong[1])} for ${columns.item} = ${JSON.stringify(wrong[0])}: a vector is a list of finite numbers, such as [0.1, 2, -3].`;
    throw new DataProblem("item-vector-invalid", message);
  }
  const lengths = await firstRow(
    connection,
    `SELECT min(len(v))::DOUBLE, max(len(v))::DOUBLE, max(list_max(list_transform(v, lambda x: abs(x)))) FROM ${rows}`,
  );
  const [shortest, longest, largest] = (lengths ?? []).map((value) => (typeof value === "number" ? value : 0));
  if (shortest !== longest) {
    const message = `${what} has vectors of different lengths, from ${shortest} to ${longest} numbers: distances need one length.`;
    throw new DataProblem("item-vectors-differ", message);
  }
  return Math.max(2, longest ?? 0, 2 * (largest ?? 0) * Math.sqrt(longest ?? 0));
}

async function firstRow(connection: DuckDBConnection, sql: string): Promise<readonly unknown[] | undefined> {
  return (await connection.runAndReadAll(sql)).getRowsJS()[0];
}

function named({ table }: Source): string {
  return `${table.files.map(({ name }) => name).join(", ")} (${table.what})`;
}
