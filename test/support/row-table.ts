import type { RowTask } from "#domain/evaluation/rows/row-metrics.ts";
import type { RowArm, RowTable } from "#domain/evaluation/rows/row-table.ts";
import { rowMetric } from "./row-scoring-request.ts";

export type MadeRows = {
  readonly truth: readonly number[];
  readonly candidate: readonly number[];
  readonly baseline: readonly number[] | null;
  readonly clusters?: readonly string[];
  readonly units?: readonly string[];
  readonly weights?: readonly number[] | null;
  readonly propensity?: readonly number[];
};

/** Rows as an engine would give them: two classes, or numbers. */
export function rowTable(task: RowTask, metrics: readonly string[], made: MadeRows): RowTable {
  const { truth, candidate, baseline, clusters, units, weights = null, propensity = null } = made;
  const armOf = (score: readonly number[]): RowArm => ({
    listed: "all",
    score,
    predicted: task !== "classification" ? null : score.map((p) => (p >= 0.5 ? 1 : 0)),
    probabilities: null,
    lower: null,
    upper: null,
  });
  return {
    key: "row_id",
    rows: truth.length,
    unit: { column: units === undefined ? "row_id" : "unit", values: units ?? null },
    cluster: { column: clusters === undefined ? "row_id" : "cluster", values: clusters ?? null },
    weights,
    slices: [],
    truth,
    propensity,
    classes: task !== "classification" ? [] : ["0", "1"],
    classesDeclared: task === "classification",
    candidate: armOf(candidate),
    baseline: baseline === null ? null : armOf(baseline),
    metrics: metrics.map((name) => rowMetric(name, task)),
    unlabelled: { candidate: 0, baseline: 0 },
  };
}
