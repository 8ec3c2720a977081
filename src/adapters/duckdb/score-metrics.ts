import type { DuckDBConnection } from "@duckdb/node-api";
import { labelledGroup } from "#domain/evaluation/catalogue-needs.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { ScoredMetric } from "#domain/evaluation/scored-table.ts";
import { agreementTables } from "./agreement.ts";
import { checkUnits } from "./check-conventions.ts";
import { clippedSql, metricSql, needsOf, type Scales, weightSql } from "./formula-sql.ts";
import { inGroupSql } from "./item-sql.ts";
import { labelFacts } from "./label-facts.ts";
import { type ArmTables, rankArm } from "./rank-arm.ts";
import { type ArmLists, rankLists } from "./rank-lists.ts";
import { type Computed, readValues } from "./read-scores.ts";

export type ComputedMetrics = Computed & { readonly candidate: ArmTables & ArmLists; readonly baseline: (ArmTables & ArmLists) | null };

/** Ranks both arms and aggregates what metrics need, by the labels that are in the table `labels`. */
export async function computeMetrics(
  connection: DuckDBConnection,
  metrics: readonly Metric[],
  cutoffs: readonly number[],
  hasBaseline: boolean,
  scales: Scales,
): Promise<ComputedMetrics> {
  const needs = needsOf(metrics);
  const labelTables = await labelFacts(connection, needs, scales);
  const ranked = async (run: string): Promise<ArmTables & ArmLists> => {
    const arm = await rankArm(connection, run, needs, cutoffs, scales);
    const { tables, lists } = await rankLists(connection, run, needs, scales);
    return { ...arm, tables: [...arm.tables, ...tables], lists };
  };
  const agreement = hasBaseline ? await agreementTables(connection, needs) : [];
  const withAgreement = (arm: ArmTables & ArmLists): ArmTables & ArmLists => ({ ...arm, tables: [...arm.tables, ...agreement] });
  const candidate = withAgreement(await ranked("candidate"));
  const baseline = hasBaseline ? withAgreement(await ranked("baseline")) : null;
  await checkUnits(connection, metrics, labelTables, baseline === null ? [candidate] : [candidate, baseline]);
  const values = metrics
    .filter(({ corpus }) => corpus === undefined)
    .map((metric) => ({ metric, sql: metricSql(metric, scales), weight: weightSql(metric, scales), clipped: clippedSql(metric) }));
  return { candidate, baseline, labelTables, values };
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
      `CREATE OR REPLACE TEMP TABLE labels AS SELECT all_labels.* FROM all_labels JOIN items ON items.d = all_labels.d WHERE ${inGroupSql(group)}`,
    );
    const computed = await computeMetrics(connection, own, [], hasBaseline, scales);
    scored.push(...(await readValues(connection, computed)).metrics);
  }
  return scored;
}
