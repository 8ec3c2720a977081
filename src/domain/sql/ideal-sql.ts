import type { Dialect } from "./dialect.ts";
import type { Need } from "./need.ts";
import { type FixedPoint, fixedTerm, valueSql } from "./term-sql.ts";

type Ideal = Extract<Need, { kind: "ideal" | "retrieved-ideal" }>;

/**
 * The sums of the best lists of the labels in `from`, one query for each order that is best. Every gain grows with the label, so one order
 * is best for all gains; values, and what a click counts by its propensity, have their own.
 */
export function idealSql(dialect: Dialect, from: string, ideals: readonly Ideal[], fixed: FixedPoint): readonly string[] {
  const byOrder = Map.groupBy(ideals, ({ term, convention }) =>
    term.value === "value" || convention.clicks === "ips" ? valueSql(dialect, term, convention) : "rel",
  );
  return [...byOrder].map(([order, own]) => oneIdealSql(dialect, from, order, own, fixed));
}

function oneIdealSql(dialect: Dialect, from: string, order: string, ideals: readonly Ideal[], fixed: FixedPoint): string {
  const sums = ideals.map(({ alias, k, term, convention }) => {
    const whole = fixedTerm(dialect, valueSql(dialect, term, convention), term, convention, fixed);
    return `, ${k === null ? `sum(${whole})` : dialect.sumIf(whole, `k <= ${k}`)} AS ${alias}`;
  });
  const deepest = Math.max(...ideals.map(({ k }) => k ?? Number.POSITIVE_INFINITY));
  return `
    WITH best AS (SELECT *, row_number() OVER (PARTITION BY q ORDER BY ${order} DESC) AS k FROM ${from} WHERE ${order} > 0)
    SELECT q${sums.join("")} FROM best ${Number.isFinite(deepest) ? `WHERE k <= ${deepest}` : ""} GROUP BY q`;
}
