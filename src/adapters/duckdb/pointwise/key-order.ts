import type { DuckDBConnection } from "@duckdb/node-api";

/**
 * Whether tables hold the same keys `r` at the same places, as files of the same evaluation mostly do: their rows lie beside each other
 * then, without a join. DuckDB keeps the order in which rows were written to a table.
 */
export async function sameKeys(connection: DuckDBConnection, [first = "", ...others]: readonly string[]): Promise<boolean> {
  for (const other of others) {
    const differing = `SELECT 1 FROM ${first} POSITIONAL JOIN ${other} WHERE ${first}.r IS DISTINCT FROM ${other}.r LIMIT 1`;
    if ((await connection.runAndReadAll(differing)).currentRowCount > 0) return false;
  }
  return true;
}

/** Whether a table's keys ascend from row to row, so that putting them in order changes nothing. */
export async function keysAscend(connection: DuckDBConnection, table: string): Promise<boolean> {
  const falling = `SELECT 1 FROM (SELECT r, lag(r) OVER () AS before FROM ${table}) WHERE r < before LIMIT 1`;
  return (await connection.runAndReadAll(falling)).currentRowCount === 0;
}
