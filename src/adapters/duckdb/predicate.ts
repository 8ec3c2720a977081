import type { DuckDBConnection } from "@duckdb/node-api";
import { DataProblem } from "./data-problem.ts";

/**
 * Takes a predicate into SQL only if DuckDB's own parser reads it as one expression: no second statement, no other clause, no subquery
 * (which could read files), and only functions that answer the same every time.
 */
export async function checkedPredicate(connection: DuckDBConnection, name: string, where: string): Promise<string> {
  const refuse = (problem: string): never => {
    throw new DataProblem(
      "slice-predicate-invalid",
      `The predicate of slice ${JSON.stringify(name)} ${problem}: ${JSON.stringify(where)}.`,
    );
  };
  const parsed = await parse(connection, where);
  if (parsed["error"] === true) return refuse(`is not SQL (${String(parsed["error_message"])})`);
  const [statement, ...others] = arrayIn(parsed, "statements");
  const node = objectOf(objectOf(statement)["node"]);
  const selected = arrayIn(node, "select_list");
  const plain =
    others.length === 0 &&
    node["type"] === "SELECT_NODE" &&
    selected.length === 1 &&
    objectOf(node["from_table"])["type"] === "EMPTY" &&
    arrayIn(node, "modifiers").length === 0 &&
    ["where_clause", "having", "qualify", "sample"].every((clause) => (node[clause] ?? null) === null) &&
    arrayIn(node, "group_expressions").length === 0;
  if (!plain) return refuse("must be one expression");
  const parts = [...partsOf(selected[0])];
  if (parts.some((part) => part["class"] === "SUBQUERY")) return refuse("has a subquery");
  if (parts.some((part) => part["class"] === "STAR" || part["class"] === "WINDOW" || part["class"] === "PARAMETER")) {
    return refuse("must be about one row: no *, window or parameter");
  }
  const functions = [...new Set(parts.flatMap((part) => (typeof part["function_name"] === "string" ? [part["function_name"]] : [])))];
  const unsteady = await unsteadyFunction(connection, functions);
  if (unsteady !== undefined) return refuse(`uses ${unsteady}(), which is unknown or does not answer the same every time`);
  return `(${where}\n)`;
}

type Json = Readonly<Record<string, unknown>>;

async function parse(connection: DuckDBConnection, where: string): Promise<Json> {
  const result = await connection.runAndReadAll("SELECT json_serialize_sql($1::VARCHAR)", [`SELECT ${where}`]);
  const text: unknown = result.getRowsJS()[0]?.[0];
  return objectOf(typeof text === "string" ? JSON.parse(text) : null);
}

/** Scalar functions only: an aggregate would not be about one row. */
async function unsteadyFunction(connection: DuckDBConnection, names: readonly string[]): Promise<string | undefined> {
  const result = await connection.runAndReadAll(
    `SELECT DISTINCT function_name FROM duckdb_functions()
     WHERE function_type IN ('scalar', 'macro') AND coalesce(stability, 'CONSISTENT') = 'CONSISTENT'
       AND function_name NOT IN ('getvariable', 'current_setting', 'getenv')`,
  );
  const steady = new Set(result.getRowsJS().map(([name]) => String(name)));
  return names.find((name) => !steady.has(name));
}

function* partsOf(value: unknown): Generator<Json> {
  if (Array.isArray(value)) for (const item of value) yield* partsOf(item);
  else if (typeof value === "object" && value !== null) {
    const part = objectOf(value);
    yield part;
    for (const child of Object.values(part)) yield* partsOf(child);
  }
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function arrayIn(object: Json, field: string): readonly unknown[] {
  const value = object[field];
  return Array.isArray(value) ? value : [];
}
