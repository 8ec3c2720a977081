import type { DuckDBConnection } from "@duckdb/node-api";
import { DataProblem } from "#adapters/duckdb/data-problem.ts";
import { named } from "#adapters/duckdb/pointwise/row-checks.ts";
import { quotedName } from "#adapters/duckdb/sandbox.ts";
import type { Source } from "#adapters/duckdb/source.ts";
import type { OptionalColumn } from "#domain/evaluation/units/unit-grain.ts";
import type { UnitFacts } from "#domain/evaluation/units/unit-scores.ts";
import { exactSum } from "#domain/statistics/exact-sum.ts";
import { unitColumn } from "./unit-rows.ts";
import type { UnitArm, UnitValues } from "./unit-values.ts";

/** More judges than this are no longer told apart by name. */
const mostJudges = 50;

/** Which values of the judging columns each arm's rows have; null when neither arm has such a column. */
export async function judgesOf(
  connection: DuckDBConnection,
  arms: readonly UnitArm[],
  columns: readonly OptionalColumn[],
): Promise<UnitFacts["judges"]> {
  const present = columns.filter(({ column }) => arms.some(({ source }) => source.columns.has(column)));
  if (present.length === 0) return null;
  const found: (readonly string[])[] = [];
  for (const { arm, source } of arms) {
    const values = present.map(({ role, column }) =>
      source.columns.has(column) ? `'${role} ' || coalesce(CAST(${quotedName(column)} AS VARCHAR), 'not said')` : `'${role} not said'`,
    );
    const sql = `SELECT DISTINCT concat_ws(', ', ${values.join(", ")}) FROM ${arm}_raw ORDER BY 1 LIMIT ${mostJudges}`;
    found.push((await connection.runAndReadAll(sql)).getRowsJS().map(([text]) => String(text)));
  }
  const [candidate = [], baseline = null] = found;
  return { candidate, baseline };
}

/** How many rows the units of each arm have. */
export async function repeatFacts(connection: DuckDBConnection, arms: readonly UnitArm[]): Promise<NonNullable<UnitFacts["repeats"]>> {
  const found: { readonly least: number; readonly most: number }[] = [];
  for (const { arm } of arms) {
    const sql = `SELECT min(n)::DOUBLE, max(n)::DOUBLE FROM (SELECT count(*) AS n FROM ${arm}_unit_rows GROUP BY ${quotedName(unitColumn)})`;
    const [least, most] = (await connection.runAndReadAll(sql)).getRowsJS()[0] ?? [];
    found.push({ least: Number(least), most: Number(most) });
  }
  const [candidate = { least: 0, most: 0 }, baseline = null] = found;
  return { candidate, baseline };
}

/** Whether what is shown first is preferred: the candidate's mean preference in either order. */
export function orderFacts(preferences: UnitValues | undefined, source: Source): UnitFacts["orders"] {
  const shown: { readonly candidate: number[]; readonly baseline: number[] } = { candidate: [], baseline: [] };
  const orders = new Map<string, Set<string>>();
  preferences?.units.forEach((unit, index) => {
    const first = preferences.repeats[index]?.[0];
    if (first !== "candidate" && first !== "baseline") {
      const message = `${named(source)} says that ${JSON.stringify(first)} was shown first for the unit ${JSON.stringify(unit)}: write candidate or baseline.`;
      throw new DataProblem("first-unknown", message);
    }
    const value = preferences.values[index] ?? null;
    if (value !== null) shown[first].push(value);
    orders.set(unit, (orders.get(unit) ?? new Set()).add(first));
  });
  const mean = (values: readonly number[]): number | null => (values.length === 0 ? null : exactSum(values) / values.length);
  const oneOrder = [...orders.values()].filter((seen) => seen.size === 1).length;
  return { shownFirst: mean(shown.candidate), shownSecond: mean(shown.baseline), oneOrder };
}
