import type { DuckDBConnection } from "@duckdb/node-api";
import { DataProblem, detailOf } from "#adapters/duckdb/data-problem.ts";
import { named } from "#adapters/duckdb/pointwise/row-checks.ts";
import { quotedName } from "#adapters/duckdb/sandbox.ts";
import type { Source } from "#adapters/duckdb/source.ts";
import { type Aggregate, aggregateColumn, type Expression } from "./expression.ts";
import { repeatColumn, unitColumn } from "./unit-rows.ts";

/** One arm's rows, and what tells rows of one unit apart. */
export type UnitArm = { readonly arm: "candidate" | "baseline"; readonly source: Source; readonly repeats: number };

/** A value of each unit and repeat, ordered by both. */
export type UnitValues = {
  readonly units: readonly string[];
  readonly repeats: readonly (readonly string[])[];
  readonly values: readonly (number | null)[];
};

const numeric = /^(?:FLOAT|DOUBLE|DECIMAL.*|BOOLEAN|U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?)$/;
/** Sums of up to 2^30 rows stay below what 127 bits hold. */
const bits = 96;

/**
 * An expression's value for each unit of each arm. Sums are added as whole numbers (fixed point): a sum of doubles depends on the order
 * of rows, which threads change. The scale is a power of two, one for both arms, by the greatest number of any row: each number keeps
 * all that is above 2^-96 of it.
 */
export async function unitValues(
  connection: DuckDBConnection,
  arms: readonly UnitArm[],
  expression: Expression,
  index: number,
): Promise<readonly UnitValues[]> {
  for (const arm of arms) await takeArguments(connection, arm, expression, index);
  const scales = [];
  for (const [place, aggregate] of expression.aggregates.entries()) {
    scales.push(isNumeric(aggregate) ? await scaleOf(connection, arms, expression, index, place) : 1);
  }
  const read: UnitValues[] = [];
  for (const arm of arms) read.push(await aggregated(connection, arm, expression, index, scales));
  return read;
}

function isNumeric({ name }: Aggregate): boolean {
  return name !== "count" && name !== "count_star";
}

/** Makes a table of what the aggregates take from each row. */
async function takeArguments(connection: DuckDBConnection, arm: UnitArm, expression: Expression, index: number): Promise<void> {
  const from = `${arm.arm}_unit_rows`;
  for (const aggregate of expression.aggregates) {
    if (!isNumeric(aggregate) || aggregate.argument === null) continue;
    const described = await sqlOn(connection, arm, expression, `DESCRIBE SELECT (${aggregate.argument}) FROM ${from}`);
    const type = String(described[0]?.[1]);
    if (numeric.test(type)) continue;
    const message = `Metric ${JSON.stringify(expression.metric)} needs numbers, and ${aggregate.argument} in ${named(arm.source)} is of type ${type}.`;
    throw new DataProblem("metric-not-numeric", message);
  }
  const list = expression.aggregates.map((aggregate, place) => `, ${argumentSql(aggregate)} AS a${place}`);
  const columns = [unitColumn, ...repeatsOf(arm)].map(quotedName).join(", ");
  await sqlOn(
    connection,
    arm,
    expression,
    `CREATE TEMP TABLE ${arm.arm}_arguments_${index} AS SELECT ${columns}${list.join("")} FROM ${from}`,
  );
}

function argumentSql({ name, argument, filter, distinct }: Aggregate): string {
  const condition = filter === null ? "true" : `(${filter})`;
  if (argument === null) return `CASE WHEN ${condition} THEN 1 END`;
  if (distinct) return `CASE WHEN ${condition} THEN CAST((${argument}) AS VARCHAR) END`;
  if (name === "count") return `CASE WHEN ${condition} AND (${argument}) IS NOT NULL THEN 1 END`;
  return `CASE WHEN ${condition} THEN CAST((${argument}) AS DOUBLE) END`;
}

/** What makes the numbers of an aggregate whole; refuses those that are not finite. */
async function scaleOf(
  connection: DuckDBConnection,
  arms: readonly UnitArm[],
  expression: Expression,
  index: number,
  place: number,
): Promise<number> {
  let greatest = 0;
  for (const arm of arms) {
    const table = `${arm.arm}_arguments_${index}`;
    const wrong = await rowsOf(
      connection,
      `SELECT ${quotedName(unitColumn)}, CAST(a${place} AS VARCHAR) FROM ${table} WHERE NOT isfinite(a${place}) ORDER BY 1, 2 LIMIT 1`,
    );
    if (wrong[0] !== undefined) {
      const [unit, value] = wrong[0];
      const what = `${expression.aggregates[place]?.argument ?? ""} of metric ${JSON.stringify(expression.metric)}`;
      const message = `${what} is ${String(value)} in ${named(arm.source)} at the unit ${shown(unit)}. Correct the data, or guard the expression, as in nullif(x, 0).`;
      throw new DataProblem("metric-not-finite", message);
    }
    const [row] = await rowsOf(connection, `SELECT max(abs(a${place})) FROM ${table}`);
    greatest = Math.max(greatest, Number(row?.[0] ?? 0));
  }
  return greatest === 0 ? 1 : 2 ** Math.min(1000, bits - Math.ceil(Math.log2(greatest)));
}

async function aggregated(
  connection: DuckDBConnection,
  arm: UnitArm,
  expression: Expression,
  index: number,
  scales: readonly number[],
): Promise<UnitValues> {
  const keys = [unitColumn, ...repeatsOf(arm)].map(quotedName);
  const parts = expression.aggregates.map(
    (aggregate, place) => `, ${aggregateSql(aggregate, place, scales[place] ?? 1)} AS ${quotedName(aggregateColumn(place))}`,
  );
  const inner = `SELECT ${keys.join(", ")}${parts.join("")} FROM ${arm.arm}_arguments_${index} GROUP BY ${keys.join(", ")}`;
  const outcome = `SELECT ${keys.join(", ")}, (${expression.outcome}) AS value FROM (${inner})`;
  const described = await sqlOn(connection, arm, expression, `DESCRIBE ${outcome}`);
  const type = String(described.at(-1)?.[1]);
  if (!numeric.test(type)) {
    throw new DataProblem(
      "metric-not-numeric",
      `Metric ${JSON.stringify(expression.metric)} must be a number, and ${JSON.stringify(expression.written)} is of type ${type}.`,
    );
  }
  const rows = await sqlOn(
    connection,
    arm,
    expression,
    `SELECT ${keys.join(", ")}, CAST(value AS DOUBLE) FROM (${outcome}) ORDER BY ${keys.join(", ")}`,
  );
  const values = rows.map((row) => {
    const value = row.at(-1);
    if (typeof value !== "number") return null;
    if (Number.isFinite(value)) return value;
    const message = `Metric ${JSON.stringify(expression.metric)} is ${value} in ${named(arm.source)} at the unit ${shown(row[0])}: a division by 0? Write nullif(x, 0), or a ratio as numerator and denominator.`;
    throw new DataProblem("metric-not-finite", message);
  });
  return { units: rows.map(([unit]) => String(unit)), repeats: rows.map((row) => row.slice(1, -1).map(String)), values };
}

function aggregateSql({ name, distinct }: Aggregate, place: number, scale: number): string {
  const sum = `CAST(sum(CAST(a${place} * CAST(${scale} AS DOUBLE) AS HUGEINT)) AS DOUBLE) / CAST(${scale} AS DOUBLE)`;
  switch (name) {
    case "sum":
      return sum;
    case "avg":
    case "mean":
      return `(${sum}) / count(a${place})`;
    case "count":
    case "count_star":
      return `count(${distinct ? "DISTINCT " : ""}a${place})`;
    default:
      return `${name}(a${place})`;
  }
}

function repeatsOf({ repeats }: UnitArm): readonly string[] {
  return Array.from({ length: repeats }, (_, index) => repeatColumn(index));
}

/** Runs SQL that holds a user's expression: what DuckDB says of it is the user's to correct. */
async function sqlOn(
  connection: DuckDBConnection,
  { source }: UnitArm,
  expression: Expression,
  sql: string,
): Promise<readonly (readonly unknown[])[]> {
  return rowsOf(connection, sql).catch((error: unknown) => {
    const detail = detailOf(error, source.table.files);
    const message = `Metric ${JSON.stringify(expression.metric)} (${expression.written}) cannot be computed from ${named(source)}: ${detail}`;
    throw new DataProblem("metric-sql-invalid", message, { cause: error });
  });
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await connection.runAndReadAll(sql)).getRowsJS();
}

function shown(unit: unknown): string {
  return JSON.stringify(String(unit).replaceAll("\u001f", ", "));
}
