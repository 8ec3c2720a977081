import type { DuckDBConnection } from "@duckdb/node-api";
import type { Need } from "./formula-sql.ts";
import { type FixedPoint, fixedTerm, valueSql } from "./term-sql.ts";

type Ideal = Extract<Need, { kind: "ideal" | "retrieved-ideal" }>;

/** Aggregates what the metrics need of the labels alone, per query: counts, and the sums of the best possible lists. */
export async function labelFacts(connection: DuckDBConnection, needs: readonly Need[], fixed: FixedPoint): Promise<readonly string[]> {
  const counts = needs.flatMap((need) => (need.kind === "label-count" ? [`, ${need.sql}`] : []));
  await connection.run(`CREATE OR REPLACE TEMP TABLE label_counts AS SELECT q${counts.join("")} FROM labels GROUP BY q`);
  const ideals = needs.filter((need): need is Ideal => need.kind === "ideal");
  const tables = ["label_counts"];
  for (const [index, sql] of idealTables("labels", ideals, fixed).entries()) {
    await connection.run(`CREATE OR REPLACE TEMP TABLE label_ideals_${index} AS ${sql}`);
    tables.push(`label_ideals_${index}`);
  }
  return tables;
}

/**
 * The sums of the best lists of the labels in `from`, one query for each order that is best. Every gain grows with the label, so one order
 * is best for all gains; values, and what a click counts by its propensity, have their own.
 */
export function idealTables(from: string, ideals: readonly Ideal[], fixed: FixedPoint): readonly string[] {
  const byOrder = Map.groupBy(ideals, ({ term, convention }) =>
    term.value === "value" || convention.clicks === "ips" ? valueSql(term, convention) : "rel",
  );
  return [...byOrder].map(([order, own]) => idealSql(from, order, own, fixed));
}

function idealSql(from: string, order: string, ideals: readonly Ideal[], fixed: FixedPoint): string {
  const sums = ideals.map(({ alias, k, term, convention }) => {
    const cut = k === null ? "" : ` FILTER (k <= ${k})`;
    return `, sum(${fixedTerm(valueSql(term, convention), term, convention, fixed)})${cut} AS ${alias}`;
  });
  const deepest = Math.max(...ideals.map(({ k }) => k ?? Number.POSITIVE_INFINITY));
  return `
    WITH best AS (SELECT *, row_number() OVER (PARTITION BY q ORDER BY ${order} DESC) AS k FROM ${from} WHERE ${order} > 0)
    SELECT q${sums.join("")} FROM best ${Number.isFinite(deepest) ? `WHERE k <= ${deepest}` : ""} GROUP BY q`;
}
