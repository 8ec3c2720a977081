import type { DuckDBConnection } from "@duckdb/node-api";
import { nearestNames } from "#domain/evaluation/nearest-name.ts";
import { DataProblem, detailOf } from "./data-problem.ts";
import type { InputTable } from "./input-files.ts";
import { quotedName, quotedText } from "./sandbox.ts";
import { layoutSql, tornLine } from "./torn-line.ts";

/** A view over the files of one table, with the columns that were found. */
export type Source = {
  /** What the view reads, for a connection that does not see it; null where the files were parsed into a temporary table. */
  readonly files: string | null;
  readonly view: string;
  readonly table: InputTable;
  readonly columns: ReadonlyMap<string, string>;
  readonly rows: number;
};

export type SourceNeeds = {
  /** Columns that must be there, by what they hold: `{score: "score"}`. */
  readonly required: Readonly<Record<string, string>>;
  /** Read as text whatever they look like, so that 007 stays itself (CSV and JSON lines). */
  readonly asText: readonly string[];
  /** Whether the other columns need their types, because a predicate compares them. */
  readonly typed: boolean;
  /** More rows than this are refused, where they would all be held in memory. */
  readonly mostRows?: number;
  /** Only rows with one of these texts in a column; there may be none. */
  readonly only?: { readonly column: string; readonly values: readonly string[] };
};

/** DuckDB's word for a text file whose lines make no table, with which nobody can do anything. */
const guessed = /Error when sniffing file/;
const notAlike = " Its lines do not make a table: is a quote not closed, or the delimiter another?";

/** Opens the files of a table as a view; says which column is missing, what is there, and what is nearest. */
export async function openSource(connection: DuckDBConnection, view: string, table: InputTable, needs: SourceNeeds): Promise<Source> {
  const names = table.files.map(({ name }) => name).join(", ");
  const unreadable = async (error: unknown): Promise<never> => {
    const detail = (await tornLine(connection, table)) ?? `${detailOf(error, table.files)}${guessed.test(String(error)) ? notAlike : ""}`;
    throw new DataProblem("file-unreadable", `${names} (${table.what}) cannot be read as ${table.format}: ${detail}`, { cause: error });
  };
  const sniffed = await describe(connection, reader(table, needs, null)).catch(unreadable);
  const missing = Object.entries(needs.required).find(([, column]) => !sniffed.has(column));
  if (missing !== undefined) throw missingColumn(missing, [...sniffed.keys()], names, table.what);

  const read = `${reader(table, needs, sniffed)}${onlySql(needs)}`;
  // Text files are parsed once into a table, few rows are found once; Parquet is read from the file, only the columns that a query needs.
  const kind = table.format === "parquet" && needs.only === undefined ? "VIEW" : "TABLE";
  await connection.run(`CREATE TEMP ${kind} ${view} AS SELECT * FROM ${read}`).catch(unreadable);
  const counted = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${view}`).catch(unreadable);
  const rows = Number(counted.getRowsJS()[0]?.[0]);
  if (rows === 0 && needs.only === undefined) throw new DataProblem("file-empty", `${names} (${table.what}) has columns but not one row.`);
  if (needs.mostRows !== undefined && rows > needs.mostRows) {
    const message = `${names} (${table.what}) has ${rows} rows, more than the ${needs.mostRows} that are compared at once. Evaluate on a sample of them, the same in both arms.`;
    throw new DataProblem("too-many-rows", message);
  }
  return { view, files: table.format === "parquet" ? read : null, table, columns: await describe(connection, view), rows };
}

/** Any text may be an id, so none stands in the SQL as it is. */
function onlySql({ only }: SourceNeeds): string {
  if (only === undefined) return "";
  const texts = only.values.map((value) => `decode(from_hex('${Buffer.from(value).toString("hex")}'))`);
  return ` WHERE list_contains([${texts.join(", ")}]::VARCHAR[], ${textOf(only.column)})`;
}

function missingColumn([role, column]: readonly [string, string], found: readonly string[], names: string, what: string): DataProblem {
  const nearest = nearestNames(column, found, 1);
  const setting = /^\w+$/.test(role) ? `Set columns.${role}` : "Name it";
  const hint = nearest.length > 0 ? ` Did you mean ${JSON.stringify(nearest[0])}? ${setting}, or rename the column.` : "";
  const list = found
    .slice(0, 20)
    .map((name) => JSON.stringify(name))
    .join(", ");
  const message = `${names} (${what}) has no column ${JSON.stringify(column)}, which should hold the ${role}. Found: ${list}.${hint}`;
  return new DataProblem("column-missing", message);
}

/** The table function that reads the files. Without known columns it sniffs them. */
function reader({ files, format }: InputTable, { asText, typed }: SourceNeeds, columns: ReadonlyMap<string, string> | null): string {
  const list = `[${files.map(({ path }) => quotedText(path)).join(", ")}]`;
  switch (format) {
    case "parquet":
      return `read_parquet(${list}, union_by_name = true)`;
    case "csv":
    case "tsv": {
      const layout = layoutSql(format);
      if (!typed || columns === null) return `read_csv(${list}, ${layout}, all_varchar = true)`;
      const text = [...new Set(asText)].filter((column) => columns.has(column)).map((column) => `${quotedText(column)}: 'VARCHAR'`);
      const types = text.length === 0 ? "" : `, types = {${text.join(", ")}}`;
      return `read_csv(${list}, ${layout}, sample_size = -1${types})`;
    }
    case "jsonl": {
      const layout = "format = 'newline_delimited'";
      if (columns === null) return `read_json(${list}, ${layout}, sample_size = -1)`;
      const types = [...columns].map(
        ([name, type]) => `${quotedText(name)}: ${quotedText(asText.includes(name) || !typed ? "VARCHAR" : type)}`,
      );
      return `read_json(${list}, ${layout}, columns = {${types.join(", ")}})`;
    }
  }
}

async function describe(connection: DuckDBConnection, from: string): Promise<ReadonlyMap<string, string>> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`);
  return new Map(described.getRowsJS().map(([name, type]) => [String(name), String(type)]));
}

/** An identifier as text: ids compare by their UTF-8 bytes. */
export function textOf(column: string): string {
  return `CAST(${quotedName(column)} AS VARCHAR)`;
}

/** A number, or NULL where the text is none. */
export function numberOf(column: string): string {
  return `TRY_CAST(${quotedName(column)} AS DOUBLE)`;
}
