import type { Metric } from "#domain/evaluation/metric.ts";
import { agreementSteps } from "./agreement-sql.ts";
import { type ArmPlan, armPlan } from "./arm-plan.ts";
import type { Dialect } from "./dialect.ts";
import { metricSql, type Scales, weightSql } from "./formula-sql.ts";
import { labelPlan } from "./label-plan.ts";
import { type ListPlan, listPlan } from "./list-plan.ts";
import { clippedSql, needsOf } from "./need.ts";
import type { Step } from "./step.ts";

/** Metrics as SQL: the tables to make, one after the other, and the expressions over them that are the metrics. */
export type MetricPlan = {
  readonly steps: readonly Step[];
  readonly candidate: ArmOfPlan;
  readonly baseline: ArmOfPlan | null;
  readonly labelTables: readonly string[];
  readonly values: readonly MetricValue[];
};

export type ArmOfPlan = Pick<ArmPlan, "run" | "tables" | "cutoffTable"> & Pick<ListPlan, "lists">;

export type MetricValue = {
  readonly metric: Metric;
  readonly sql: string;
  /** What a query weighs in the metric's mean, and how many of its labels are clipped; of the labels alone. */
  readonly weight: string | null;
  readonly clipped: string | null;
};

/** Reads `candidate` and `baseline` (q, d, s), `labels` (q, d, rel, …), `queries` (q) and `items` (d, i, …). */
export function metricPlan(
  dialect: Dialect,
  metrics: readonly Metric[],
  cutoffs: readonly number[],
  hasBaseline: boolean,
  scales: Scales,
): MetricPlan {
  const needs = needsOf(dialect, metrics);
  const labels = labelPlan(dialect, needs, scales);
  const agreement = hasBaseline ? agreementSteps(dialect, needs) : [];
  const ranked = (run: string): { readonly steps: readonly Step[]; readonly arm: ArmOfPlan } => {
    const own = armPlan(dialect, run, needs, cutoffs, scales);
    const { steps, tables, lists } = listPlan(dialect, run, needs, scales);
    const all = [...own.tables, ...tables, ...agreement.map(({ table }) => table)];
    return { steps: [...own.steps, ...steps], arm: { run, cutoffTable: own.cutoffTable, tables: all, lists } };
  };
  const candidate = ranked("candidate");
  const baseline = hasBaseline ? ranked("baseline") : null;
  return {
    steps: [...labels, ...agreement, ...candidate.steps, ...(baseline?.steps ?? [])],
    candidate: candidate.arm,
    baseline: baseline?.arm ?? null,
    labelTables: labels.map(({ table }) => table),
    values: metrics
      .filter(({ corpus }) => corpus === undefined)
      .map((metric) => ({
        metric,
        sql: metricSql(dialect, metric, scales),
        weight: weightSql(dialect, metric, scales),
        clipped: clippedSql(dialect, metric),
      })),
  };
}

/** Columns of all queries in order: the id as `query`, then the expressions as `c0`, `c1`, …, over the tables that have a row a query. */
export function queriesSql(dialect: Dialect, tables: readonly string[], expressions: readonly string[]): string {
  const joins = tables.map((table) => `\nLEFT JOIN ${table} ON ${table}.q = queries.q`).join("");
  const list = expressions.map((expression, index) => `,\n  ${expression} AS c${index}`).join("");
  return `SELECT CAST(queries.q AS ${dialect.string}) AS query${list}\nFROM queries${joins}\nORDER BY query`;
}
