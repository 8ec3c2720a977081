import type { DuckDBConnection } from "@duckdb/node-api";
import { DataProblem, detailOf } from "#adapters/duckdb/data-problem.ts";
import type { InputTable } from "#adapters/duckdb/input-files.ts";
import { quotedName } from "#adapters/duckdb/sandbox.ts";
import { numberOf, openSource, type Source, textOf } from "#adapters/duckdb/source.ts";
import type { ColumnsRequest, ReadColumns, WantedColumn } from "#ports/evaluation-engine.ts";

/** Columns are held in memory; beyond this many rows a sample of them says as much. */
const mostRows = 5_000_000;

/** Reads columns of a file, numbers checked, in the order of their values. */
export async function readColumns(
  connection: DuckDBConnection,
  { columns, only }: ColumnsRequest,
  table: InputTable,
): Promise<ReadColumns> {
  const required = Object.fromEntries(columns.flatMap(({ role, column, required: needed }) => (needed ? [[role, column]] : [])));
  const asText = columns.flatMap(({ kind, column }) => (kind === "text" ? [column] : []));
  const source = await openSource(connection, "read_raw", table, { required, asText, typed: false, ...(only && { only }) });
  const names = table.files.map(({ name }) => name).join(", ");
  const found = columns.filter(({ column }) => source.columns.has(column));
  const counted = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${source.view}`);
  const rows = Number(counted.getRowsJS()[0]?.[0]);
  if (rows > mostRows) {
    const message = `${names} (${table.what}) has ${rows} rows, more than the ${mostRows} that are read at once. Keep a sample of them.`;
    throw new DataProblem("too-many-rows", message);
  }
  for (const wanted of found) if (wanted.kind === "number") await checkNumbers(connection, source, wanted, names);

  const list = found.map(({ column, kind }, index) => `${kind === "text" ? textOf(column) : numberOf(column)} AS c${index}`);
  const order = found.map((_, index) => `c${index} NULLS FIRST`);
  const values =
    found.length === 0
      ? []
      : await connection
          .runAndReadAll(`SELECT ${list.join(", ")} FROM ${source.view} ORDER BY ${order.join(", ")}`)
          .then((result) => result.getColumnsJS())
          .catch((error: unknown) => {
            const detail = detailOf(error, table.files);
            throw new DataProblem("file-unreadable", `${names} (${table.what}) cannot be read to its end: ${detail}`, { cause: error });
          });
  // An answer without rows has no columns either.
  const valuesOf = ({ role }: WantedColumn): readonly unknown[] | null => {
    const index = found.findIndex((known) => known.role === role);
    return index === -1 ? null : (values[index] ?? []);
  };
  const ofKind = <T>(kind: WantedColumn["kind"], read: (value: unknown) => T | null): Record<string, readonly (T | null)[] | null> =>
    Object.fromEntries(columns.flatMap((wanted) => (wanted.kind === kind ? [[wanted.role, valuesOf(wanted)?.map(read) ?? null]] : [])));
  return {
    rows,
    texts: ofKind("text", (value) => (typeof value === "string" ? value : null)),
    numbers: ofKind("number", (value) => (typeof value === "number" ? value : null)),
  };
}

/** Empty cells are left to the reader; what is there must be a finite number. */
async function checkNumbers(
  connection: DuckDBConnection,
  { view, table }: Source,
  { role, column }: WantedColumn,
  names: string,
): Promise<void> {
  const [raw, number] = [quotedName(column), numberOf(column)];
  const empty = `trim(CAST(${raw} AS VARCHAR)) = ''`;
  const sql = `SELECT (count(*) FILTER (${number} IS NULL))::DOUBLE, (count(*) FILTER (NOT isfinite(${number})))::DOUBLE, min(CAST(${raw} AS VARCHAR)) FILTER (${number} IS NULL OR NOT isfinite(${number}))
    FROM ${view} WHERE ${raw} IS NOT NULL AND NOT (${empty})`;
  const result = await connection.runAndReadAll(sql).catch((error: unknown) => {
    const detail = detailOf(error, table.files);
    throw new DataProblem("file-unreadable", `${names} (${table.what}) cannot be read to its end: ${detail}`, { cause: error });
  });
  const [notNumbers = 0, notFinite = 0, example] = result.getRowsJS()[0] ?? [];
  if (notNumbers === 0 && notFinite === 0) return;
  const [code, problem, count] =
    notNumbers === 0 ? [`${role}-not-finite`, "NaN or infinite", notFinite] : [`${role}-not-numeric`, "text that is no number", notNumbers];
  const message = `Column ${JSON.stringify(column)} (${role}) of ${names} (${table.what}) is ${problem} in ${count} rows, such as ${JSON.stringify(example)}.`;
  throw new DataProblem(code, message);
}
