import type { DuckDBConnection } from "@duckdb/node-api";

export type Json = Readonly<Record<string, unknown>>;

const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const keptNumber = /"\\u0000(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"/g;

/** What DuckDB's own parser reads in `SELECT …`. Numbers are kept as text, for JavaScript would make 1e10 an integer and round long ones. */
export async function parse(connection: DuckDBConnection, written: string): Promise<Json> {
  const result = await connection.runAndReadAll("SELECT json_serialize_sql($1::VARCHAR)", [`SELECT ${written}`]);
  const text: unknown = result.getRowsJS()[0]?.[0];
  if (typeof text !== "string") return {};
  const kept = text.replaceAll(stringOrNumber, (token) => (token.startsWith('"') ? token : `"\\u0000${token}"`));
  return objectOf(JSON.parse(kept));
}

/** A part of what was parsed as SQL again, printed by DuckDB. */
export async function printSql(connection: DuckDBConnection, parsed: Json, expression: unknown): Promise<string> {
  const [statement] = arrayIn(parsed, "statements");
  const node = objectOf(objectOf(statement)["node"]);
  const alone = { error: false, statements: [{ ...objectOf(statement), node: { ...node, select_list: [expression] } }] };
  const json = JSON.stringify(alone).replaceAll(keptNumber, "$1");
  const result = await connection.runAndReadAll("SELECT json_deserialize_sql($1::JSON)", [json]);
  return String(result.getRowsJS()[0]?.[0]).replace(/^SELECT /, "");
}

/** The expression, when that is all there is: no second statement, no other clause. */
export function onlyExpression(parsed: Json): unknown {
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
  return plain ? selected[0] : undefined;
}

/** Scalar functions only: an aggregate would not be about one row. */
export async function unsteadyFunction(connection: DuckDBConnection, names: readonly string[]): Promise<string | undefined> {
  const result = await connection.runAndReadAll(
    `SELECT DISTINCT function_name FROM duckdb_functions()
     WHERE function_type IN ('scalar', 'macro') AND coalesce(stability, 'CONSISTENT') = 'CONSISTENT'
       AND function_name NOT IN ('getvariable', 'current_setting', 'getenv')`,
  );
  const steady = new Set(result.getRowsJS().map(([name]) => String(name)));
  return names.find((name) => !steady.has(name));
}

export function* partsOf(value: unknown): Generator<Json> {
  if (Array.isArray(value)) for (const item of value) yield* partsOf(item);
  else if (typeof value === "object" && value !== null) {
    const part = objectOf(value);
    yield part;
    for (const child of Object.values(part)) yield* partsOf(child);
  }
}

export function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

export function arrayIn(object: Json, field: string): readonly unknown[] {
  const value = object[field];
  return Array.isArray(value) ? value : [];
}
