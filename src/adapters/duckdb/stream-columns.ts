import type { DuckDBConnection } from "@duckdb/node-api";

/** The columns of a query's answer, chunk after chunk, so that the answer is never held twice. */
export async function streamColumns(connection: DuckDBConnection, sql: string, count: number): Promise<readonly (readonly unknown[])[]> {
  const columns = Array.from({ length: count }, (): unknown[] => []);
  const result = await connection.stream(sql);
  for (;;) {
    const chunk = await result.fetchChunk();
    const rows = chunk?.rowCount ?? 0;
    if (chunk === null || rows === 0) return columns;
    columns.forEach((column, index) => {
      const vector = chunk.getColumnVector(index);
      for (let row = 0; row < rows; row += 1) column.push(vector.getItem(row));
    });
  }
}
