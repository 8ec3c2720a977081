import type { DuckDBConnection } from "@duckdb/node-api";
import type { Metric } from "#domain/evaluation/metric.ts";
import { type LabelColumn, labelColumns, readsColumn } from "#domain/sql/label-columns.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { checkNumber } from "./check-rows.ts";
import { DataProblem } from "./data-problem.ts";
import { duckdbDialect } from "./dialect.ts";
import { idText } from "./ids.ts";
import { numberOf, type Source } from "./source.ts";

/** The columns that a request's metrics need beside the grade. */
export function neededLabelColumns(request: ScoringRequest): readonly LabelColumn[] {
  const needed = labelColumns(duckdbDialect, request);
  if (needed.kind === "undeclared") throw new DataProblem("propensity-undeclared", needed.message);
  return needed.columns;
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
    const readers = metrics.filter((metric) => readsColumn(metric, role, column));
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
