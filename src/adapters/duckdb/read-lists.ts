import type { DuckDBConnection } from "@duckdb/node-api";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { ItemLists, ListedItems } from "#domain/evaluation/scored-table.ts";
import { orderName } from "#domain/sql/aliases.ts";
import { type Catalogue, itemColumn } from "#domain/sql/item-sql.ts";
import type { ListPlan } from "#domain/sql/list-plan.ts";
import { duckdbDialect } from "./dialect.ts";
import { idText } from "./ids.ts";

type Lists = Pick<ListPlan, "lists">;

export type ListReading = {
  readonly candidate: Lists;
  readonly baseline: Lists | null;
  readonly metrics: readonly Metric[];
  readonly catalogue: Catalogue;
};

/** Reads the lists that corpus metrics count, once for all metrics with the same order of equal scores. */
export async function readLists(connection: DuckDBConnection, reading: ListReading): Promise<readonly ListedItems[]> {
  const { candidate, baseline, metrics, catalogue } = reading;
  if (metrics.length === 0) return [];
  const itemCount = await numberItems(connection, reading);
  const read = new Map<string, { readonly candidate: ItemLists; readonly baseline: ItemLists | null }>();
  const found: ListedItems[] = [];
  for (const metric of metrics) {
    const order = orderName(metric.convention);
    const lists = read.get(order) ?? {
      candidate: await listsOf(connection, candidate.lists.get(order), itemCount),
      baseline: baseline === null ? null : await listsOf(connection, baseline.lists.get(order), itemCount),
    };
    read.set(order, lists);
    const taken = await takenItems(connection, metric);
    found.push({ kind: "lists", metric, ...lists, catalogue: catalogue.size === 0 ? null : { size: catalogue.size, taken } });
  }
  return found;
}

/** Gives every listed item a number, those of the catalogue first, in `numbered` (d, i); answers how many there are. */
async function numberItems(connection: DuckDBConnection, { candidate, baseline, catalogue }: ListReading): Promise<number> {
  const tables = [...candidate.lists.values(), ...(baseline?.lists.values() ?? [])];
  const others = tables.map((table) => `SELECT d FROM ${table} WHERE i IS NULL`).join(" UNION ");
  await connection.run(
    `CREATE TEMP TABLE numbered AS SELECT d, CAST(${catalogue.size} + row_number() OVER (ORDER BY d) - 1 AS INTEGER) AS i FROM (${others})`,
  );
  const counted = await connection.runAndReadAll("SELECT count(*)::DOUBLE FROM numbered");
  return catalogue.size + Number(counted.getRowsJS()[0]?.[0]);
}

async function listsOf(connection: DuckDBConnection, list: string | undefined, itemCount: number): Promise<ItemLists> {
  const lengths = await firstColumn(
    connection,
    `SELECT coalesce(n, 0)::INTEGER FROM queries LEFT JOIN (SELECT q, count(*) AS n FROM ${list} GROUP BY q) AS lengths ON lengths.q = queries.q ORDER BY ${idText("queries.q")}`,
  );
  const starts = new Int32Array(lengths.length + 1);
  for (let row = 0; row < lengths.length; row += 1) starts[row + 1] = (starts[row] ?? 0) + (lengths[row] ?? 0);
  const items = await firstColumn(
    connection,
    `SELECT coalesce(list.i, numbered.i) FROM ${list} AS list LEFT JOIN numbered ON numbered.d = list.d ORDER BY ${idText("list.q")}, list.k`,
  );
  return { starts, items: Int32Array.from(items), itemCount };
}

async function takenItems(connection: DuckDBConnection, { formula }: Metric): Promise<Uint8Array | null> {
  if (formula.kind !== "listed-items" || formula.over !== "taken_only") return null;
  const popularity = itemColumn(duckdbDialect, { column: formula.column, holds: "number" });
  return Uint8Array.from(await firstColumn(connection, `SELECT coalesce(${popularity} > 0, false)::INTEGER FROM items ORDER BY i`));
}

async function firstColumn(connection: DuckDBConnection, sql: string): Promise<readonly number[]> {
  const [column = []] = (await connection.runAndReadAll(sql)).getColumnsJS();
  return column.map(Number);
}
