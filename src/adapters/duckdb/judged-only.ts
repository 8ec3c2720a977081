import type { DuckDBConnection } from "@duckdb/node-api";
import { hasNotableGap, judgedOnlyMetric, meanOfCounting } from "#domain/evaluation/judged-only.ts";
import type { CutoffFacts } from "#domain/evaluation/scored-table.ts";
import type { Scales } from "#domain/sql/formula-sql.ts";
import { readValues } from "./read-scores.ts";
import { computeMetrics } from "./score-metrics.ts";

/** Measures judged items alone at the cutoffs where the arms' judged shares differ notably; ranks anew, so it comes after what reads the lists. */
export async function withJudgedOnly(
  connection: DuckDBConnection,
  cutoffs: readonly CutoffFacts[],
  scales: Scales,
): Promise<readonly CutoffFacts[]> {
  const metrics = cutoffs.filter(hasNotableGap).map(({ k }) => judgedOnlyMetric(k));
  if (metrics.length === 0) return cutoffs;
  const { metrics: measured } = await readValues(connection, await computeMetrics(connection, metrics, [], true, scales));
  return cutoffs.map((facts) => {
    const found = measured.find(({ metric }) => metric.k === facts.k);
    if (found?.kind !== "scored") return facts;
    const { candidate, baseline } = found;
    return { ...facts, judgedOnly: { candidate: meanOfCounting(candidate), baseline: meanOfCounting(baseline ?? []) } };
  });
}
