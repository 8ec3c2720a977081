import type { DuckDBVector } from "@duckdb/node-api";

/**
 * The numbers of a vector as DuckDB holds them, without NULLs. Its class shows them one by one only, ten times slower, so this is the place
 * that knows its inside; a version that looks otherwise is refused.
 */
export function itemsOf<T extends BigUint64Array | Float64Array | Int32Array>(
  vector: DuckDBVector,
  kind: abstract new (...values: never[]) => T,
): T {
  const items: unknown = Reflect.get(vector, "items");
  if (items instanceof kind) return items;
  throw new TypeError(`DuckDB's vectors hold no ${kind.name} any more.`);
}
