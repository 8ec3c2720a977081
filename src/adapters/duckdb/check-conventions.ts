import type { DuckDBConnection } from "@duckdb/node-api";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { ArmPlan } from "#domain/sql/arm-plan.ts";
import { countsSqlOf } from "#domain/sql/formula-sql.ts";
import type { LabelColumn } from "#domain/sql/label-columns.ts";
import { scaleProblem } from "#domain/sql/scale-problem.ts";
import { type FixedPoint, propensityColumn } from "#domain/sql/term-sql.ts";
import { DataProblem } from "./data-problem.ts";
import { duckdbDialect } from "./dialect.ts";
import { idText } from "./ids.ts";

/** The largest label, value and inverse propensity, which fix the scale of sums; refuses labels that a metric's convention has no gain for. */
export async function checkGains(
  connection: DuckDBConnection,
  metrics: readonly Metric[],
  read: readonly LabelColumn[],
): Promise<FixedPoint> {
  const fixed = await largest(connection, read);
  const problem = scaleProblem(metrics, fixed);
  if (problem !== null) throw new DataProblem(problem.code, problem.message);
  for (const { name, convention } of metrics) if (typeof convention.gain === "object") await checkMapped(connection, name, convention.gain);
  return fixed;
}

async function largest(connection: DuckDBConnection, read: readonly LabelColumn[]): Promise<FixedPoint> {
  const sizes = read.map(({ alias, role }) => (role === "value" ? `, max(abs(${alias}))` : `, 1 / min(${alias})`));
  const [label, ...found] = (await firstRow(connection, `SELECT max(rel)${sizes.join("")} FROM labels`)) ?? [];
  const size = (index: number): number => (typeof found[index] === "number" ? found[index] : 0);
  const weight = read.findIndex(({ alias }) => alias === propensityColumn);
  return {
    largestLabel: typeof label === "number" ? label : 0,
    largestWeight: weight === -1 ? 1 : Math.max(1, size(weight)),
    largestValues: new Map(read.flatMap(({ role, column }, index) => (role === "value" ? [[column, size(index)] as const] : []))),
  };
}

async function checkMapped(connection: DuckDBConnection, name: string, gains: Readonly<Record<string, number>>): Promise<void> {
  const grades = Object.keys(gains).map(Number);
  const sql = `SELECT rel, ${idText("q")} AS query FROM labels WHERE rel > 0 AND rel NOT IN (${grades.join(", ")}) ORDER BY rel, query LIMIT 1`;
  const found = await firstRow(connection, sql);
  if (found === undefined) return;
  const message = `The label ${String(found[0])}, as in query ${JSON.stringify(found[1])}, has no gain in ${name}, which knows ${grades.join(", ")}. Add it to gain, or correct the label.`;
  throw new DataProblem("gain-not-mapped", message);
}

/** Refuses what a convention calls an error: a unit in which nothing is relevant, a labelled query that an arm lacks. */
export async function checkUnits(
  connection: DuckDBConnection,
  metrics: readonly Metric[],
  labelTables: readonly string[],
  arms: readonly Pick<ArmPlan, "run">[],
): Promise<void> {
  for (const metric of metrics) {
    if (metric.convention.noRelevant !== "error") continue;
    const joins = labelTables.map((table) => `LEFT JOIN ${table} ON ${table}.q = queries.q`).join(" ");
    const sql = `SELECT ${idText("queries.q")} AS query, (count(*) OVER ())::DOUBLE FROM queries ${joins} WHERE NOT ${countsSqlOf(duckdbDialect, metric)} ORDER BY query LIMIT 1`;
    const found = await firstRow(connection, sql);
    if (found === undefined) continue;
    const message = `${String(found[1])} queries have no relevant item, such as ${JSON.stringify(found[0])}, and ${metric.name} says noRelevant: error. Correct the labels, or choose skip, zero or one.`;
    throw new DataProblem("unit-without-relevant", message);
  }
  const strict = metrics.find(({ convention }) => convention.missing === "error");
  if (strict === undefined) return;
  for (const { run } of arms) {
    const sql = `SELECT ${idText("q")} AS query, (count(*) OVER ())::DOUBLE FROM queries WHERE q NOT IN (SELECT q FROM ${run}) ORDER BY query LIMIT 1`;
    const found = await firstRow(connection, sql);
    if (found === undefined) continue;
    const message = `The ${run}'s predictions lack ${String(found[1])} queries that have labels, such as ${JSON.stringify(found[0])}, and ${strict.name} says missing: error. Make the predictions again, or choose zero or intersect.`;
    throw new DataProblem("queries-missing", message);
  }
}

async function firstRow(connection: DuckDBConnection, sql: string): Promise<readonly unknown[] | undefined> {
  return (await connection.runAndReadAll(sql)).getRowsJS()[0];
}
