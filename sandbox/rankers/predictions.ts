import { writeFileSync } from "node:fs";
import { extname } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Run } from "./rank.ts";

type Row = { readonly query_id: string; readonly document_id: string; readonly score: number };

/** Writes a run as predictions, in the format that the file's name ends in: .csv, .jsonl or .parquet. Ids are text in all three. */
export async function writePredictions(path: string, run: Run): Promise<number> {
  const rows = rowsOf(run);
  switch (extname(path)) {
    case ".csv":
      writeFileSync(
        path,
        ["query_id,document_id,score", ...rows.map((row) => `${row.query_id},${row.document_id},${row.score}`), ""].join("\n"),
      );
      break;
    case ".jsonl":
      writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
      break;
    case ".parquet":
      await writeParquet(path, rows);
      break;
    default:
      throw new Error(`${path}: predictions are written as .csv, .jsonl or .parquet`);
  }
  return rows.length;
}

function rowsOf(run: Run): readonly Row[] {
  return [...run].flatMap(([query_id, scored]) => scored.map(({ document, score }) => ({ query_id, document_id: document, score })));
}

async function writeParquet(path: string, rows: readonly Row[]): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    await connection.run("CREATE TABLE predictions (query_id VARCHAR, document_id VARCHAR, score DOUBLE)");
    const appender = await connection.createAppender("predictions");
    for (const row of rows) {
      appender.appendVarchar(row.query_id);
      appender.appendVarchar(row.document_id);
      appender.appendDouble(row.score);
      appender.endRow();
    }
    appender.closeSync();
    await connection.run(`COPY predictions TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
