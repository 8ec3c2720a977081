import type { DuckDBConnection } from "@duckdb/node-api";
import { itemsOf } from "./vector-items.ts";

/** What is read of a query's rows, in SQL: numbers (0 where there is none), and what DuckDB's values of other types are in JavaScript. */
export type WantedColumns = { readonly numbers: readonly string[]; readonly values: readonly string[] };
export type StreamedColumns = { readonly numbers: readonly Float64Array[]; readonly values: readonly (readonly unknown[])[] };

/** The columns of `rows` rows of a query (its part from FROM on), chunk after chunk, so that the answer is never held twice. */
export async function streamColumns(
  connection: DuckDBConnection,
  { numbers, values }: WantedColumns,
  from: string,
  rows: number,
): Promise<StreamedColumns> {
  const read = {
    numbers: numbers.map(() => new Float64Array(rows)),
    values: values.map((): { readonly all: unknown[]; readonly once: (value: unknown) => unknown } => ({ all: [], once: eachOnce() })),
  };
  const list = [...numbers.map((sql) => `coalesce(CAST(${sql} AS DOUBLE), 0)`), ...values].map((sql, index) => `${sql} AS c${index}`);
  const result = await connection.stream(`SELECT ${list.join(", ")} ${from}`);
  for (let start = 0; ; ) {
    const chunk = await result.fetchChunk();
    const count = chunk?.rowCount ?? 0;
    if (chunk === null || count === 0) return { numbers: read.numbers, values: read.values.map(({ all }) => all) };
    for (const [index, column] of read.numbers.entries())
      column.set(itemsOf(chunk.getColumnVector(index), Float64Array).subarray(0, count), start);
    for (const [index, { all, once }] of read.values.entries()) {
      const vector = chunk.getColumnVector(numbers.length + index);
      for (let row = 0; row < count; row += 1) all.push(once(vector.getItem(row)));
    }
    start += count;
  }
}

/** More different texts than this are names of single rows, and remembering them would take more memory than it saves. */
const mostRemembered = 200_000;

/** Gives equal texts back as one and the same: millions of rows name few users or slices. */
function eachOnce(): (value: unknown) => unknown {
  const known = new Map<string, string>();
  return (value) => {
    if (typeof value !== "string") return value;
    const first = known.get(value);
    if (first === undefined && known.size < mostRemembered) known.set(value, value);
    return first ?? value;
  };
}
