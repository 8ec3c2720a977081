import type { DuckDBConnection } from "@duckdb/node-api";
import { quotedName } from "./sandbox.ts";

/** The table with one row a list of an arm. */
export function listsTable(run: string): string {
  return quotedName(`${run} lists`);
}

/**
 * Makes {@link listsTable} in one pass over an arm's rows: `q`, how many rows, their lowest and highest score, and `t`, the score of place
 * `depth`, below which no row stands in the first `depth` places; without a depth the table may be there already.
 */
export async function loadLists(connection: DuckDBConnection, run: string, depth: number | null): Promise<void> {
  const threshold = depth === null ? "" : `, list_last(max(s, ${depth})) AS t`;
  const create = depth === null ? "CREATE TEMP TABLE IF NOT EXISTS" : "CREATE OR REPLACE TEMP TABLE";
  await connection.run(
    `${create} ${listsTable(run)} AS SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi${threshold} FROM ${run} GROUP BY q`,
  );
}
