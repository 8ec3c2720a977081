import type { DuckDBConnection } from "@duckdb/node-api";
import { type Need, orderName } from "./formula-sql.ts";
import { distanceSql, itemSumsSql, listSql } from "./item-sql.ts";
import type { Catalogue } from "./load-items.ts";
import { quotedName } from "./sandbox.ts";

/** What the first places of one arm's lists answer. */
export type ArmLists = {
  /** Tables with column `q` and aggregates of what the catalogue says of the listed items. */
  readonly tables: readonly string[];
  /** The lists themselves (q, k, d, i), by the order of equal scores. */
  readonly lists: ReadonlyMap<string, string>;
};

type ListNeed = Extract<Need, { kind: "item-sum" | "distance" | "list" }>;

/** Cuts one arm's lists and aggregates what the metrics need of the catalogue. Reads `run`, `labels`, `queries` and `items`. */
export async function rankLists(
  connection: DuckDBConnection,
  run: string,
  needs: readonly Need[],
  catalogue: Catalogue,
): Promise<ArmLists> {
  const own = needs.filter((need): need is ListNeed => need.kind === "item-sum" || need.kind === "distance" || need.kind === "list");
  const tables: string[] = [];
  const lists = new Map<string, string>();
  const make = async (name: string, sql: string): Promise<string> => {
    const table = quotedName(`${run} ${name}`);
    await connection.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${sql}`);
    return table;
  };
  for (const [order, convention] of new Map(own.map((need) => [orderName(need.convention), need.convention]))) {
    const inOrder = own.filter((need) => orderName(need.convention) === order);
    const list = await make(`list ${order}`, listSql(run, convention, Math.max(...inOrder.map(({ k }) => k))));
    lists.set(order, list);
    const sums = inOrder.filter((need) => need.kind === "item-sum");
    if (sums.length > 0) tables.push(await make(`items ${order}`, itemSumsSql(list, sums, catalogue)));
    for (const [index, need] of inOrder.filter(({ kind }) => kind === "distance").entries())
      if (need.kind === "distance") tables.push(await make(`distances ${order} ${index}`, distanceSql(list, need, catalogue)));
  }
  return { tables, lists };
}
