import type { DuckDBConnection } from "@duckdb/node-api";
import { readsNeighbours, readsValue } from "#domain/evaluation/formula.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import { propensityOf } from "#domain/evaluation/propensity.ts";
import { exactDistance, exactRank } from "#domain/sql/exact-place.ts";
import { propensityColumn, valueColumn } from "#domain/sql/term-sql.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { checkNumber } from "./check-rows.ts";
import { DataProblem } from "./data-problem.ts";
import { duckdbDialect } from "./dialect.ts";
import { idText } from "./ids.ts";
import { numberOf, type Source } from "./source.ts";

/** What the labels hold beside the grade, for metrics that read it. */
export type LabelColumn = {
  /** The column of the table `labels`, and what it is computed from. */
  readonly alias: string;
  readonly sql: string;
  readonly column: string;
  readonly role: "value" | "propensity" | "position" | "rank" | "distance";
};

/** The columns that a request's metrics need: what items are worth, and how likely a click could happen. */
export function labelColumns(request: ScoringRequest): readonly LabelColumn[] {
  return [...exactColumns(request), ...worthColumns(request)];
}

/** The order of the exact neighbours, or how far they are. */
function exactColumns({ metrics, columns: { rank, distance } }: ScoringRequest): readonly LabelColumn[] {
  if (!metrics.some(({ formula }) => readsNeighbours(formula))) return [];
  const all = [
    { alias: exactRank, column: rank, role: "rank" },
    { alias: exactDistance, column: distance, role: "distance" },
  ] as const;
  return all.flatMap(({ alias, column, role }) => (column === undefined ? [] : [{ alias, column, role, sql: numberOf(column) }]));
}

function worthColumns({ metrics, columns, clicks }: ScoringRequest): readonly LabelColumn[] {
  const worth = new Set(metrics.filter(({ formula }) => readsValue(formula, "value")).map(({ convention }) => convention.column));
  const values = [...worth].map(
    (column): LabelColumn => ({ alias: valueColumn(duckdbDialect, { column }), sql: numberOf(column), column, role: "value" }),
  );
  const byPropensity = metrics.find(({ convention }) => convention.clicks === "ips");
  if (byPropensity === undefined) return values;
  const propensity = propensityOf(columns, clicks);
  if (propensity.kind === "undeclared") throw new DataProblem("propensity-undeclared", `${byPropensity.name}: ${propensity.problem}.`);
  const { column } = propensity;
  const sql = propensity.kind === "column" ? numberOf(column) : seenSql(numberOf(column), propensity.curve);
  return [...values, { alias: propensityColumn, sql, column, role: propensity.kind === "column" ? "propensity" : "position" }];
}

/** How likely a place was seen; NULL for a place that the curve does not know. */
function seenSql(place: string, curve: NonNullable<ScoringRequest["clicks"]>["positionCurve"]): string {
  if (!Array.isArray(curve)) return `pow(${place}, -CAST(${curve.power} AS DOUBLE))`;
  return `CAST([${curve.join(", ")}] AS DOUBLE[])[CAST(${place} AS BIGINT)]`;
}

/** Refuses a value that is no finite number, a propensity that is no probability above 0, a place that is none, or that the curve does not know. */
export async function checkLabelColumns(
  connection: DuckDBConnection,
  source: Source,
  request: Pick<ScoringRequest, "columns" | "clicks">,
  wanted: readonly LabelColumn[],
): Promise<void> {
  for (const { role, column } of wanted) {
    await checkNumber(connection, source, request.columns, column, role, true);
    const number = numberOf(column);
    const what = `Column ${JSON.stringify(column)} (${role}) of ${source.table.files.map(({ name }) => name).join(", ")} (${source.table.what})`;
    const refuse = async (condition: string, code: string, problem: string): Promise<void> => {
      const sql = `SELECT ${number} FROM ${source.view} WHERE ${condition} ORDER BY 1 LIMIT 1`;
      const found = (await connection.runAndReadAll(sql)).getRowsJS()[0];
      if (found !== undefined) throw new DataProblem(code, `${what} holds ${String(found[0])}: ${problem}`);
    };
    const curve = request.clicks?.positionCurve;
    if (role === "propensity")
      await refuse(
        `NOT (${number} > 0 AND ${number} <= 1)`,
        "propensity-invalid",
        "a propensity is a probability above 0, and at most 1. Clip small ones in model.yaml with clip.",
      );
    if (role === "position")
      await refuse(`NOT (${number} >= 1 AND ${number} = floor(${number}))`, "position-invalid", "places are counted from 1.");
    if (role === "position" && Array.isArray(curve))
      await refuse(
        `${number} > ${curve.length}`,
        "position-beyond-curve",
        `evaluation.clicks.positionCurve ends at place ${curve.length}. Extend it, or declare a power.`,
      );
  }
}

/** Every relevant label must say what a metric reads of it: what counts for nothing because it is missing would be a silent 0. */
export async function checkRelevantLabels(
  connection: DuckDBConnection,
  metrics: readonly Metric[],
  wanted: readonly LabelColumn[],
): Promise<void> {
  for (const { alias, role, column } of wanted) {
    const readers = metrics.filter((metric) => reads(metric, role, column));
    for (const { name, convention } of readers) {
      const sql = `SELECT ${idText("q")} AS query, ${idText("d")} AS item, (count(*) OVER ())::DOUBLE FROM labels
        WHERE rel >= ${convention.minRel} AND ${alias} IS NULL ORDER BY query, item LIMIT 1`;
      const found = (await connection.runAndReadAll(sql)).getRowsJS()[0];
      if (found === undefined) continue;
      const message = `Column ${JSON.stringify(column)} (${role}), which ${name} reads, is empty for ${String(found[2])} relevant labels, such as item ${JSON.stringify(found[1])} of query ${JSON.stringify(found[0])}. Fill it in for every relevant item.`;
      throw new DataProblem(`${role}-missing`, message);
    }
  }
}

function reads({ formula, convention }: Metric, role: LabelColumn["role"], column: string): boolean {
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
