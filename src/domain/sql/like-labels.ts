import { fewestTellingLists, type ListFacts } from "#domain/evaluation/scored-table.ts";
import type { Dialect } from "./dialect.ts";

/**
 * One row: how many lists of `among` tell something, whether all scores equal their labels, and whether all put their list into the order
 * of its labels. A list tells something where its items differ in their labels: then each level's lowest score is compared with the one
 * below's highest.
 */
export function likeLabelsSql(dialect: Dialect, run: string, among: string): string {
  return `
    WITH levels AS (
      SELECT run.q, coalesce(labels.rel, 0) AS level, min(s) AS lo, max(s) AS hi, ${dialect.anyOf("labels.rel IS NOT NULL AND s <> labels.rel")} AS unequal
      FROM ${run} AS run JOIN ${among} AS looked ON looked.q = run.q LEFT JOIN labels ON labels.q = run.q AND labels.d = run.d
      GROUP BY run.q, level),
    stepped AS (
      SELECT q, unequal, lo > lag(hi) OVER (PARTITION BY q ORDER BY level) AS above, count(*) OVER (PARTITION BY q) AS n FROM levels)
    SELECT CAST(count(DISTINCT CASE WHEN n > 1 THEN q END) AS ${dialect.double}), NOT ${dialect.anyOf("unequal")}, NOT ${dialect.anyOf("NOT coalesce(above, true)")} FROM stepped`;
}

export function likeLabelsOf(telling: number, equal: boolean, ordered: boolean): ListFacts["likeLabels"] {
  if (telling < fewestTellingLists) return null;
  if (equal) return "equal";
  return ordered ? "ordered" : null;
}
