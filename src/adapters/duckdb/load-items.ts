import type { DuckDBConnection } from "@duckdb/node-api";
import { type ItemColumn, itemColumnsOf, needsCatalogue } from "#domain/evaluation/catalogue-needs.ts";
import { withParts } from "#domain/evaluation/formula.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { Columns } from "#domain/model/model-definition.ts";
import { type Catalogue, itemColumn, popularityRank } from "#domain/sql/item-sql.ts";
import { checkItemNumber, checkItems, checkItemVector } from "./check-items.ts";
import { DataProblem } from "./data-problem.ts";
import { duckdbDialect } from "./dialect.ts";
import type { InputTable } from "./input-files.ts";
import { quotedName } from "./sandbox.ts";
import { numberOf, openSource, textOf } from "./source.ts";

const noCatalogue: Catalogue = { size: 0, largest: new Map() };

/** Opens and checks the catalogue, if a metric asks for it. */
export async function loadItems(
  connection: DuckDBConnection,
  table: InputTable | null,
  columns: Columns,
  metrics: readonly Metric[],
): Promise<Catalogue> {
  const asking = metrics.filter(needsCatalogue);
  if (asking.length === 0) {
    await connection.run("CREATE TEMP TABLE items (d VARCHAR, i INTEGER)");
    return noCatalogue;
  }
  if (table === null) {
    const names = asking.map(({ name }) => name).join(", ");
    const message = `${names} need the catalogue: name it with evaluation.items, a file with one row an item.`;
    throw new DataProblem("catalogue-missing", message);
  }
  const wanted = [...new Map(asking.flatMap(itemColumnsOf).map((column) => [itemColumn(duckdbDialect, column), column])).values()];
  const readers = (column: string): string =>
    asking
      .filter((metric) => itemColumnsOf(metric).some((own) => own.column === column))
      .map(({ name }) => name)
      .join(", ");
  const required = Object.fromEntries(wanted.map(({ column }) => [`values for ${readers(column)}`, column]));
  const asText = [columns.item, ...wanted.map(({ column }) => column)];
  const source = await openSource(connection, "items_raw", table, { required: { item: columns.item, ...required }, asText, typed: false });
  await checkItems(connection, source, columns);
  const largest = new Map<string, number>();
  for (const { column, holds } of wanted) {
    if (holds === "number") largest.set(column, await checkItemNumber(connection, source, columns, column));
    if (holds === "vector") largest.set(column, await checkItemVector(connection, source, columns, column));
  }
  for (const metric of asking) checkUsers(metric, largest);
  const values = wanted.map((column) => `, ${valueSql[column.holds](column.column)} AS ${itemColumn(duckdbDialect, column)}`);
  const ranks = wanted.filter(({ holds }) => holds === "number").map(({ column }) => `, ${popularityRank(duckdbDialect, column)}`);
  await connection.run(
    `CREATE TEMP TABLE items AS SELECT *${ranks.join("")} FROM (
       SELECT ${textOf(columns.item)} AS d, CAST(row_number() OVER (ORDER BY ${textOf(columns.item)}) - 1 AS INTEGER) AS i${values.join("")}
       FROM ${source.view})`,
  );
  const counted = await connection.runAndReadAll("SELECT count(*)::DOUBLE FROM items");
  return { size: Number(counted.getRowsJS()[0]?.[0]), largest };
}

/** An item that more users took than there are would have a negative novelty. */
function checkUsers({ name, formula }: Metric, largest: ReadonlyMap<string, number>): void {
  for (const part of withParts(formula)) {
    if (part.kind !== "sum-over-items" || part.value.kind !== "self-information") continue;
    const { column, users } = part.value;
    const most = largest.get(column) ?? 0;
    if (most <= users) continue;
    const message = `Column ${JSON.stringify(column)} of the catalogue counts up to ${most} users of one item, but ${name} says that there are ${users} users. Correct users, or name a column that counts users.`;
    throw new DataProblem("popularity-above-users", message);
  }
}

const valueSql: Readonly<Record<ItemColumn["holds"], (column: string) => string>> = {
  number: numberOf,
  text: textOf,
  vector: (column) => `TRY_CAST(${quotedName(column)} AS DOUBLE[])`,
};
