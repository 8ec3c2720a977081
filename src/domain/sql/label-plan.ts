import type { Dialect } from "./dialect.ts";
import { idealSql } from "./ideal-sql.ts";
import type { Need } from "./need.ts";
import type { Step } from "./step.ts";
import type { FixedPoint } from "./term-sql.ts";

/** What the metrics need of the labels alone, per query: counts, and the sums of the best possible lists. */
export function labelPlan(dialect: Dialect, needs: readonly Need[], fixed: FixedPoint): readonly Step[] {
  const counts = needs.flatMap((need) => (need.kind === "label-count" ? [`, ${need.sql}`] : []));
  const ideals = needs.filter((need): need is Extract<Need, { kind: "ideal" | "retrieved-ideal" }> => need.kind === "ideal");
  return [
    { table: "label_counts", sql: `SELECT q${counts.join("")} FROM labels GROUP BY q` },
    ...idealSql(dialect, "labels", ideals, fixed).map((sql, index) => ({ table: `label_ideals_${index}`, sql })),
  ];
}
