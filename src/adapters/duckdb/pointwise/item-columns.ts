import type { DuckDBConnection } from "@duckdb/node-api";
import { checkItems } from "#adapters/duckdb/check-items.ts";
import { DataProblem } from "#adapters/duckdb/data-problem.ts";
import type { InputTable } from "#adapters/duckdb/input-files.ts";
import { quotedName } from "#adapters/duckdb/sandbox.ts";
import { openSource, type Source, textOf } from "#adapters/duckdb/source.ts";
import { slicedColumns, sliceLeaves } from "#domain/evaluation/slice-columns.ts";
import type { Columns } from "#domain/model/model-definition.ts";
import type { SliceDefinition } from "#domain/model/slice-definition.ts";
import { named } from "./row-checks.ts";

type Sliced = { readonly columns: Columns; readonly slices: readonly SliceDefinition[] };

/** Opens the catalogue for slices that are made by what it says of a row's item; null where there is none, or nothing is sliced. */
export async function openItems(
  connection: DuckDBConnection,
  table: InputTable | null,
  { columns, slices }: Sliced,
): Promise<Source | null> {
  if (table === null || slices.length === 0) return null;
  const asText = [columns.item, ...Object.values(slicedColumns(slices))];
  const typed = sliceLeaves(slices).some(({ kind }) => kind === "predicate");
  const items = await openSource(connection, "slice_items_raw", table, { required: { item: columns.item }, asText, typed });
  await checkItems(connection, items, columns);
  return items;
}

/** The columns of slices that the files of the rows must have themselves: those that no catalogue has. */
export function ownSliceColumns({ slices }: Sliced, items: Source | null): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(slicedColumns(slices)).filter(([, column]) => items?.columns.has(column) !== true));
}

/**
 * The rows with what the catalogue says of their items, in columns that they have not themselves: theirs win. An item that the
 * catalogue lacks has nothing there, so that its rows are in none of its slices.
 */
export async function withItemColumns(
  connection: DuckDBConnection,
  source: Source,
  items: Source | null,
  { columns: { item }, slices }: Sliced,
): Promise<Source> {
  if (items === null) return source;
  const added = [...items.columns].filter(([column]) => !source.columns.has(column));
  if (!source.columns.has(item)) {
    const lacked = Object.values(slicedColumns(slices)).find((column) => !source.columns.has(column));
    if (lacked === undefined) return source;
    const message = `${named(source)} has neither the column ${JSON.stringify(lacked)}, by which slices are made, nor ${JSON.stringify(item)}, by which ${named(items)} would say it. Add one of them, or correct columns.item.`;
    throw new DataProblem("column-missing", message);
  }
  if (added.length === 0) return source;
  const view = `${source.view}_items`;
  const list = added.map(([column]) => `, items.${quotedName(column)}`).join("");
  const [own, other] = [source.view, items.view].map((from) => `SELECT *, ${textOf(item)} AS "slipway item" FROM ${from}`);
  await connection.run(
    `CREATE TEMP VIEW ${view} AS SELECT own.* EXCLUDE ("slipway item")${list} FROM (${own}) AS own LEFT JOIN (${other}) AS items USING ("slipway item")`,
  );
  return { ...source, view, columns: new Map([...source.columns, ...added]) };
}
