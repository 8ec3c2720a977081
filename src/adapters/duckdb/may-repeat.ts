import type { DuckDBConnection } from "@duckdb/node-api";
import { SeenHashes } from "./seen-hashes.ts";
import { itemsOf } from "./vector-items.ts";

/**
 * Whether a table or view may hold a key (columns in SQL) twice. "No" is certain; "maybe" wants the exact look, which groups all rows:
 * several times the time, ten times the memory.
 * `own` is an empty set that holds as many rows.
 */
export async function mayRepeat(connection: DuckDBConnection, key: string, from: string, rows: number, own?: SeenHashes): Promise<boolean> {
  if (!SeenHashes.canHold(rows)) return true;
  const seen = own ?? new SeenHashes(rows);
  const result = await connection.stream(`SELECT hash(${key}) FROM ${from}`);
  let repeats = false;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return repeats;
    const hashes = itemsOf(chunk.getColumnVector(0), BigUint64Array);
    const words = new Int32Array(hashes.buffer, hashes.byteOffset, 2 * chunk.rowCount);
    if (!repeats) repeats = seen.addAll(words);
  }
}
