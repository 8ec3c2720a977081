import type { DuckDBConnection } from "@duckdb/node-api";
import type { InputTable } from "./input-files.ts";
import { quotedText } from "./sandbox.ts";

/** Lines that are refused for something else than their columns. */
const others = "'INVALID ENCODING', 'LINE SIZE OVER MAXIMUM'";

/** How a text file with values is laid out: the header names the columns, and nothing is filled in. */
export function layoutSql(format: "csv" | "tsv"): string {
  return `header = true, delim = ${format === "csv" ? "','" : "'\t'"}, quote = '"', escape = '"', null_padding = false`;
}

/**
 * The first line of a CSV or TSV file that has not the columns of its header, for files that DuckDB refused: of a short file it says no
 * more than that it guessed in vain. Null where no line is to blame alone.
 */
export async function tornLine(connection: DuckDBConnection, { files, format }: InputTable): Promise<string | null> {
  if (format !== "csv" && format !== "tsv") return null;
  for (const { path, name } of files) {
    const tables = "store_rejects = true, rejects_table = 'torn_lines', rejects_scan = 'torn_scans'";
    const read = `read_csv([${quotedText(path)}], ${layoutSql(format)}, all_varchar = true, ignore_errors = true, ${tables})`;
    const found = await connection
      .runAndReadAll(`SELECT count(*) FROM ${read}`)
      .then(() =>
        connection.runAndReadAll(
          `SELECT line::DOUBLE, error_message FROM torn_lines WHERE CAST(error_type AS VARCHAR) NOT IN (${others}) ORDER BY line LIMIT 1`,
        ),
      )
      .catch(() => null);
    const [line, problem] = found?.getRowsJS()[0] ?? [];
    if (line === undefined) continue;
    return `line ${String(line)} of ${name} has not the columns of its header (${String(problem)}). The file is torn, or a value holds a delimiter and stands in no quotes: write it again.`;
  }
  return null;
}
