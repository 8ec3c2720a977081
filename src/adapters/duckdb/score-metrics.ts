import type { DuckDBConnection } from "@duckdb/node-api";
import { labelledGroup } from "#domain/evaluation/catalogue-needs.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { ScoredMetric } from "#domain/evaluation/scored-table.ts";
import type { Scales } from "#domain/sql/formula-sql.ts";
import { inGroupSql } from "#domain/sql/item-sql.ts";
import { type MetricPlan, metricPlan } from "#domain/sql/metric-plan.ts";
import { checkUnits } from "./check-conventions.ts";
import { duckdbDialect } from "./dialect.ts";
import { makeTableSql } from "./make-table.ts";
import { readValues } from "./read-scores.ts";

/** Ranks both arms and aggregates what metrics need, by the labels that are in the table `labels`. */
export async function computeMetrics(
  connection: DuckDBConnection,
  metrics: readonly Metric[],
  cutoffs: readonly number[],
  hasBaseline: boolean,
  scales: Scales,
): Promise<MetricPlan> {
  const plan = metricPlan(duckdbDialect, metrics, cutoffs, hasBaseline, scales);
  for (const step of plan.steps) await connection.run(makeTableSql(step));
  const { candidate, baseline, labelTables } = plan;
  await checkUnits(connection, metrics, labelTables, baseline === null ? [candidate] : [candidate, baseline]);
  return plan;
}

/**
 * Scores metrics that count the labels of one group of items alone: the same computation, group after group, each on a table `labels` that
 * holds no others. Comes last, for it leaves the labels of the last group behind.
 */
export async function scoreGroups(
  connection: DuckDBConnection,
  metrics: readonly Metric[],
  hasBaseline: boolean,
  scales: Scales,
): Promise<readonly ScoredMetric[]> {
  const byGroup = Map.groupBy(metrics, (metric) => JSON.stringify(labelledGroup(metric)));
  const scored: ScoredMetric[] = [];
  if (byGroup.size > 0) await connection.run("ALTER TABLE labels RENAME TO all_labels");
  for (const own of byGroup.values()) {
    const group = own[0] === undefined ? null : labelledGroup(own[0]);
    if (group === null) continue;
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE labels AS SELECT all_labels.* FROM all_labels JOIN items ON items.d = all_labels.d WHERE ${inGroupSql(duckdbDialect, group)}`,
    );
    const computed = await computeMetrics(connection, own, [], hasBaseline, scales);
    scored.push(...(await readValues(connection, computed)).metrics);
  }
  return scored;
}
