import type { DuckDBConnection } from "@duckdb/node-api";
import { type FixedPoint, fixedTerm, type Need, valueOfRow } from "./formula-sql.ts";

type Ideal = Extract<Need, { kind: "ideal" }>;

/** Aggregates what the metrics need of the labels alone, per query: counts, and the sums of the best possible lists. */
export async function labelFacts(connection: DuckDBConnection, needs: readonly Need[], fixed: FixedPoint): Promise<readonly string[]> {
  const counts = needs.flatMap((need) => {
    if (need.kind === "relevant") return [`count(*) FILTER (rel >= ${need.convention.minRel}) AS ${need.alias}`];
    if (need.kind !== "counts") return [];
    const value = valueOfRow({ value: need.countsWith, discount: "none" }, need.convention);
    return [`coalesce(bool_or(${value} > 0), false) AS ${need.alias}`];
  });
  await connection.run(`CREATE TEMP TABLE label_counts AS SELECT q${counts.map((count) => `, ${count}`).join("")} FROM labels GROUP BY q`);
  const ideals = needs.filter((need): need is Ideal => need.kind === "ideal");
  if (ideals.length === 0) return ["label_counts"];
  const sums = ideals.map(({ alias, k, term, convention }) => {
    return `sum(${fixedTerm(valueOfRow(term, convention), term, fixed)}) FILTER (k <= ${k}) AS ${alias}`;
  });
  const deepest = Math.max(...ideals.map(({ k }) => k));
  // Every gain grows with the label, so one order is best for all of them.
  await connection.run(`CREATE TEMP TABLE label_ideals AS
    WITH best AS (SELECT q, rel, row_number() OVER (PARTITION BY q ORDER BY rel DESC) AS k FROM labels WHERE rel > 0)
    SELECT q, ${sums.join(", ")} FROM best WHERE k <= ${deepest} GROUP BY q`);
  return ["label_counts", "label_ideals"];
}
