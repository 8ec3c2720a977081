import type { Metric } from "#domain/evaluation/metric.ts";
import { listsTable } from "#domain/sql/arm-plan.ts";
import type { Scales } from "#domain/sql/formula-sql.ts";
import { type MetricPlan, metricPlan, queriesSql } from "#domain/sql/metric-plan.ts";
import type { Step } from "#domain/sql/step.ts";
import type { Row } from "./client.ts";
import { bigqueryDialect } from "./dialect.ts";
import { oneQuery } from "./one-query.ts";

/** What is read of one arm: a row for each query, whose columns are found by name. */
export type ArmQuery = { readonly sql: string; readonly columns: readonly string[] };

export type Beside = {
  readonly tables: readonly string[];
  readonly columns: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
};

/** One query for one arm; metrics that count a group of items have their own. */
export function armQuery(
  plan: MetricPlan,
  arm: "candidate" | "baseline",
  sources: readonly Step[],
  cutoffs: readonly number[],
  beside: Beside,
): ArmQuery {
  const own = plan[arm];
  if (own === null) throw new RangeError(`There is no ${arm}.`);
  const lists = listsTable(bigqueryDialect, arm);
  const ofCutoffs =
    own.cutoffTable === null
      ? []
      : cutoffs.flatMap((k) => ["listed", "judged", "tied"].map((fact) => [`${fact}_${k}`, `${own.cutoffTable}.${fact}_${k}`]));
  const wanted: Readonly<Record<string, string>> = {
    listed: "coalesce(listed, false)",
    n: `${lists}.n`,
    flat: `${lists}.lo = ${lists}.hi`,
    ...Object.fromEntries(ofCutoffs),
    ...(own.cutoffTable !== null && { unequal: `${own.cutoffTable}.unequal`, unordered: `${own.cutoffTable}.unordered` }),
    ...Object.fromEntries(plan.values.map(({ sql }, index) => [`value ${index}`, sql])),
    ...Object.fromEntries(
      plan.values.flatMap(({ weight, clipped }, index) => [
        ...(weight === null ? [] : [[`weight ${index}`, weight]]),
        ...(clipped === null ? [] : [[`clipped ${index}`, clipped]]),
      ]),
    ),
    ...beside.columns,
  };
  const tables = [...plan.labelTables, ...own.tables, lists, ...beside.tables];
  const select = queriesSql(bigqueryDialect, tables, Object.values(wanted));
  return { sql: oneQuery([...sources, ...plan.steps, ...beside.steps], select), columns: ["query", ...Object.keys(wanted)] };
}

export function bigqueryPlan(metrics: readonly Metric[], cutoffs: readonly number[], hasBaseline: boolean, scales: Scales): MetricPlan {
  return metricPlan(bigqueryDialect, metrics, cutoffs, hasBaseline, scales);
}

/** Columns by name, of rows as BigQuery gives them: all values are texts. */
export class ArmTable {
  readonly #columns: readonly string[];
  readonly #rows: readonly Row[];

  constructor(columns: readonly string[], rows: readonly Row[]) {
    this.#columns = columns;
    this.#rows = rows;
  }

  texts(name: string): readonly (string | null)[] {
    const index = this.#columns.indexOf(name);
    return this.#rows.map((row) => row[index] ?? null);
  }

  numbers(name: string): readonly (number | null)[] {
    return this.texts(name).map((text) => (text === null ? null : Number(text)));
  }

  /** A missing number counts as 0. */
  sum(name: string): number {
    return this.numbers(name).reduce<number>((total, value) => total + (value ?? 0), 0);
  }

  flags(name: string): readonly boolean[] {
    return this.texts(name).map((text) => text?.toLowerCase() === "true");
  }
}
