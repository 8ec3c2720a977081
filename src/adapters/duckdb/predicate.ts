import type { DuckDBConnection } from "@duckdb/node-api";
import { DataProblem } from "./data-problem.ts";
import { onlyExpression, parse, partsOf, unsteadyFunction } from "./parsed-sql.ts";

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
  const expression = onlyExpression(parsed);
  if (expression === undefined) return refuse("must be one expression");
  const parts = [...partsOf(expression)];
  if (parts.some((part) => part["class"] === "SUBQUERY")) return refuse("has a subquery");
  if (parts.some((part) => part["class"] === "STAR" || part["class"] === "WINDOW" || part["class"] === "PARAMETER")) {
    return refuse("must be about one row: no *, window or parameter");
  }
  const functions = [...new Set(parts.flatMap((part) => (typeof part["function_name"] === "string" ? [part["function_name"]] : [])))];
  const unsteady = await unsteadyFunction(connection, functions);
  if (unsteady !== undefined) return refuse(`uses ${unsteady}(), which is unknown or does not answer the same every time`);
  return `(${where}\n)`;
}
