import { readsNeighbours, readsValue } from "#domain/evaluation/formula.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import { propensityOf } from "#domain/evaluation/propensity.ts";
import type { ClickModel, Columns } from "#domain/model/model-definition.ts";
import type { Dialect } from "./dialect.ts";
import { exactDistance, exactRank } from "./exact-place.ts";
import { propensityColumn, valueColumn } from "./term-sql.ts";

/** What is asked of the labels. */
export type AskedOfLabels = { readonly metrics: readonly Metric[]; readonly columns: Columns; readonly clicks?: ClickModel | undefined };

/** What the labels hold beside the grade, for metrics that read it. */
export type LabelColumn = {
  /** The column of the table `labels`, and what it is computed from. */
  readonly alias: string;
  readonly sql: string;
  readonly column: string;
  readonly role: "value" | "propensity" | "position" | "rank" | "distance";
};

/** `undeclared`: a metric needs a propensity, and nothing says it. */
export type LabelColumns =
  | { readonly kind: "columns"; readonly columns: readonly LabelColumn[] }
  | { readonly kind: "undeclared"; readonly message: string };

/** The columns that a request's metrics need: what items are worth, and how likely a click could happen. */
export function labelColumns(dialect: Dialect, asked: AskedOfLabels): LabelColumns {
  const worth = worthColumns(dialect, asked);
  return worth.kind === "undeclared" ? worth : { kind: "columns", columns: [...exactColumns(dialect, asked), ...worth.columns] };
}

/** The order of the exact neighbours, or how far they are. */
function exactColumns(dialect: Dialect, { metrics, columns: { rank, distance } }: AskedOfLabels): readonly LabelColumn[] {
  if (!metrics.some(({ formula }) => readsNeighbours(formula))) return [];
  const all = [
    { alias: exactRank, column: rank, role: "rank" },
    { alias: exactDistance, column: distance, role: "distance" },
  ] as const;
  return all.flatMap(({ alias, column, role }) => (column === undefined ? [] : [{ alias, column, role, sql: dialect.numberOf(column) }]));
}

function worthColumns(dialect: Dialect, { metrics, columns, clicks }: AskedOfLabels): LabelColumns {
  const worth = new Set(metrics.filter(({ formula }) => readsValue(formula, "value")).map(({ convention }) => convention.column));
  const values = [...worth].map(
    (column): LabelColumn => ({ alias: valueColumn(dialect, { column }), sql: dialect.numberOf(column), column, role: "value" }),
  );
  const byPropensity = metrics.find(({ convention }) => convention.clicks === "ips");
  if (byPropensity === undefined) return { kind: "columns", columns: values };
  const propensity = propensityOf(columns, clicks);
  if (propensity.kind === "undeclared") return { kind: "undeclared", message: `${byPropensity.name}: ${propensity.problem}.` };
  const { column } = propensity;
  const sql = propensity.kind === "column" ? dialect.numberOf(column) : seenSql(dialect, dialect.numberOf(column), propensity.curve);
  const read: LabelColumn = { alias: propensityColumn, sql, column, role: propensity.kind === "column" ? "propensity" : "position" };
  return { kind: "columns", columns: [...values, read] };
}

/** How likely a place was seen; NULL for a place that the curve does not know. */
function seenSql(dialect: Dialect, place: string, curve: ClickModel["positionCurve"]): string {
  if (!Array.isArray(curve)) return `pow(${place}, -CAST(${curve.power} AS ${dialect.double}))`;
  return dialect.nthOf(curve, place);
}

/** Whether a metric reads what a column of that role says. */
export function readsColumn({ formula, convention }: Metric, role: LabelColumn["role"], column: string): boolean {
  switch (role) {
    case "value":
      return readsValue(formula, "value") && convention.column === column;
    case "propensity":
    case "position":
      return convention.clicks === "ips";
    case "rank":
    case "distance":
      return readsNeighbours(formula);
  }
}
