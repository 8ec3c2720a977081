import type { DuckDBConnection } from "@duckdb/node-api";
import { itemColumnsOf, needsCatalogue } from "#domain/evaluation/catalogue-needs.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { ArmItems, ItemFacts } from "#domain/evaluation/scored-table.ts";
import { orderName } from "#domain/sql/aliases.ts";
import { itemColumn } from "#domain/sql/item-sql.ts";
import type { ListPlan } from "#domain/sql/list-plan.ts";
import { duckdbDialect } from "./dialect.ts";

type Lists = Pick<ListPlan, "lists">;
type Arms = { readonly candidate: Lists; readonly baseline: Lists | null; readonly metrics: readonly Metric[] };

type Asked = { readonly k: number; readonly order: string; readonly column: string | null; readonly described: string };

/** Counts, for each column of the catalogue and cutoff that a metric reads, the places whose item has a value there. */
export async function itemFacts(connection: DuckDBConnection, { candidate, baseline, metrics }: Arms): Promise<readonly ItemFacts[]> {
  const listed = metrics.filter((metric) => needsCatalogue(metric) && candidate.lists.has(orderName(metric.convention)));
  const asked = listed.flatMap((metric): readonly Asked[] => {
    const columns = itemColumnsOf(metric);
    const order = orderName(metric.convention);
    const common = { k: metric.k ?? 0, order };
    if (columns.length === 0) return [{ ...common, column: null, described: "list.i IS NOT NULL" }];
    return columns.map((column) => ({
      ...common,
      column: column.column,
      described: `items.${itemColumn(duckdbDialect, column)} IS NOT NULL`,
    }));
  });
  const each = [...new Map(asked.map((one) => [`${one.k} ${one.described}`, one])).values()];
  const found: ItemFacts[] = [];
  for (const { k, column, order, described } of each) {
    const count = async (arm: Lists): Promise<ArmItems> => {
      const sql = `SELECT count(*)::DOUBLE, (count(*) FILTER (${described}))::DOUBLE
        FROM ${arm.lists.get(order)} AS list LEFT JOIN items ON items.i = list.i WHERE list.k <= ${k}`;
      const [row] = (await connection.runAndReadAll(sql)).getRowsJS();
      return { listed: Number(row?.[0]), described: Number(row?.[1]) };
    };
    found.push({ k, column, candidate: await count(candidate), baseline: baseline === null ? null : await count(baseline) });
  }
  return found;
}
