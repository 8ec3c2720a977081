import { DuckDBInstance } from "@duckdb/node-api";

/** Writes what a query selects as a Parquet file: inputs too large to be spelled out. */
export async function writeParquet(path: string, select: string, options = "COMPRESSION zstd"): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet, ${options})`);
  connection.closeSync();
  instance.closeSync();
}
