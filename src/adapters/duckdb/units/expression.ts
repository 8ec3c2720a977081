import type { DuckDBConnection } from "@duckdb/node-api";
import { DataProblem } from "#adapters/duckdb/data-problem.ts";
import { arrayIn, type Json, objectOf, onlyExpression, parse, partsOf, printSql, unsteadyFunction } from "#adapters/duckdb/parsed-sql.ts";

/** Aggregates whose answer does not depend on the order of rows, when sums are added exactly. */
const aggregateNames = ["sum", "avg", "mean", "min", "max", "median", "count", "count_star"] as const;
type AggregateName = (typeof aggregateNames)[number];

/** One aggregate of an expression: SQL of what it takes from each row. */
export type Aggregate = {
  readonly name: AggregateName;
  /** null: the row itself, as in count(*). */
  readonly argument: string | null;
  readonly filter: string | null;
  readonly distinct: boolean;
};

/** A user's expression in two halves: what each row gives, and what becomes of the aggregates. */
export type Expression = {
  readonly metric: string;
  readonly written: string;
  /** The columns that it reads. */
  readonly columns: readonly string[];
  readonly aggregates: readonly Aggregate[];
  /** SQL over the aggregates' values, which stand in the columns `aggregate 0`, … of {@link aggregateColumn}. */
  readonly outcome: string;
};

export function aggregateColumn(index: number): string {
  return `slipway aggregate ${index}`;
}

/** Kinds of SQL that only compute: no subquery (which could read files), star, window, parameter, lambda, or place in a list. */
const computing = new Set(["COLUMN_REF", "CONSTANT", "FUNCTION", "OPERATOR", "COMPARISON", "CONJUNCTION", "CASE", "CAST", "BETWEEN"]);

/**
 * Takes a metric's expression into SQL only if DuckDB's own parser reads it as one expression that computes from columns by functions
 * that answer the same every time. Its aggregates are taken out of it, so that no user's aggregate runs as it is written: DuckDB adds
 * doubles in an order that threads change.
 */
export async function checkedExpression(connection: DuckDBConnection, metric: string, written: string): Promise<Expression> {
  const refuse = (problem: string): never => {
    throw new DataProblem(
      "metric-sql-invalid",
      `The expression of metric ${JSON.stringify(metric)} ${problem}: ${JSON.stringify(written)}.`,
    );
  };
  const parsed = await parse(connection, written);
  if (parsed["error"] === true) return refuse(`is not SQL (${String(parsed["error_message"])})`);
  const expression = onlyExpression(parsed);
  if (expression === undefined) return refuse("must be one expression");
  const parts = [...partsOf(expression)];
  if (parts.some((part) => part["class"] === "SUBQUERY")) return refuse("has a subquery");
  if (parts.some((part) => typeof part["class"] === "string" && !computing.has(part["class"])))
    return refuse("may hold columns, numbers, functions and aggregates: no *, window, lambda or parameter");
  const references = parts.filter((part) => part["class"] === "COLUMN_REF").map((part) => arrayIn(part, "column_names"));
  const qualified = references.find((names) => names.length !== 1);
  if (objectOf(expression)["alias"] !== "") return refuse("needs no name within it");
  if (qualified !== undefined) return refuse(`names a column of a table (${qualified.join(".")}): write the column alone`);

  const taken: Json[] = [];
  const outer = withoutAggregates(expression, taken);
  const inner = taken.flatMap((aggregate) => [...partsOf(aggregate["children"]), ...partsOf(aggregate["filter"])]);
  if (inner.some(isAggregate)) return refuse("has an aggregate within an aggregate");
  if (taken.some((aggregate) => arrayIn(objectOf(aggregate["order_bys"]), "orders").length > 0)) return refuse("orders an aggregate");
  if (taken.some((aggregate) => aggregate["distinct"] === true && aggregate["function_name"] !== "count"))
    return refuse("may count distinct values, and nothing else of them");
  if (taken.some((aggregate) => arrayIn(aggregate, "children").length > 1)) return refuse("has an aggregate of more than one value");
  const unsteady = await unsteadyFunction(connection, functionsIn([outer, ...taken.map(({ children, filter }) => [children, filter])]));
  if (unsteady !== undefined) {
    const known = aggregateNames.filter((name) => name !== "count_star").join(", ");
    return refuse(`uses ${unsteady}(), which is no aggregate of ${known}, is unknown, or does not answer the same every time`);
  }
  const columns = [...new Set(references.map(([name]) => String(name)))];
  const text = (node: unknown): Promise<string> => printSql(connection, parsed, node);
  if (taken.length === 0) {
    const own: Aggregate = { name: "avg", argument: await text(expression), filter: null, distinct: false };
    return { metric, written, columns, aggregates: [own], outcome: `"${aggregateColumn(0)}"` };
  }
  const left = [...partsOf(outer)].flatMap((part) => (part["class"] === "COLUMN_REF" ? arrayIn(part, "column_names").map(String) : []));
  const ofRows = left.find((name) => columns.includes(name));
  if (ofRows !== undefined) return refuse(`mixes aggregates with the column ${JSON.stringify(ofRows)} of single rows`);
  const aggregates: Aggregate[] = [];
  for (const aggregate of taken) aggregates.push(await aggregateOf(aggregate, text));
  return { metric, written, columns, aggregates, outcome: await text(outer) };
}

async function aggregateOf(node: Json, text: (node: unknown) => Promise<string>): Promise<Aggregate> {
  const [argument] = arrayIn(node, "children");
  const { filter } = node;
  return {
    name: aggregateNames.find((name) => name === node["function_name"]) ?? "count_star",
    argument: argument === undefined ? null : await text(argument),
    filter: filter === null || filter === undefined ? null : await text(filter),
    distinct: node["distinct"] === true,
  };
}

function isAggregate(part: Json): boolean {
  return part["class"] === "FUNCTION" && aggregateNames.some((name) => name === part["function_name"]);
}

/** The expression with a column in the place of each aggregate, which is put into `taken`. */
function withoutAggregates(value: unknown, taken: Json[]): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutAggregates(item, taken));
  if (typeof value !== "object" || value === null) return value;
  const part = objectOf(value);
  if (isAggregate(part)) {
    taken.push(part);
    return { class: "COLUMN_REF", type: "COLUMN_REF", alias: "", column_names: [aggregateColumn(taken.length - 1)] };
  }
  return Object.fromEntries(Object.entries(part).map(([field, child]) => [field, withoutAggregates(child, taken)]));
}

function functionsIn(values: readonly unknown[]): readonly string[] {
  const names = [...partsOf(values)].flatMap((part) => (typeof part["function_name"] === "string" ? [part["function_name"]] : []));
  return [...new Set(names)];
}
