import type { DuckDBConnection } from "@duckdb/node-api";
import { DataProblem } from "#adapters/duckdb/data-problem.ts";
import { named } from "#adapters/duckdb/pointwise/row-checks.ts";
import { quotedName } from "#adapters/duckdb/sandbox.ts";
import type { Source } from "#adapters/duckdb/source.ts";
import type { UnitMetric } from "#domain/evaluation/units/unit-metric.ts";
import { preferenceSql, scoreSql } from "./unit-expressions.ts";
import { unitColumn } from "./unit-rows.ts";

/** Refuses what a judge wrote where it is no score: nothing, other text, or out of the range that the model declares. */
export async function checkJudged(
  connection: DuckDBConnection,
  arm: string,
  source: Source,
  { name, value, range }: UnitMetric,
): Promise<void> {
  if (value.kind !== "score" && value.kind !== "preference") return;
  const raw = quotedName(value.column);
  const sql = value.kind === "score" ? scoreSql(value.column) : preferenceSql(value.column);
  const wanted = value.kind === "score" ? "a number, or pass and fail" : "win, tie or loss, or 1, 0.5 and 0";
  const outside = [
    ...(range.min === null ? [] : [`${sql} < ${range.min}`]),
    ...(range.max === null ? [] : [`${sql} > ${range.max}`]),
    ...(value.kind === "score" && value.passOrFail ? [`${sql} NOT IN (0, 1)`] : []),
  ];
  const checks = [
    {
      code: "score-missing",
      condition: `${raw} IS NULL`,
      problem: "is empty",
      advice: "Every row needs it: write 0 if a unit that was not judged counts as failed, or leave its row out.",
    },
    { code: "score-not-numeric", condition: `${raw} IS NOT NULL AND (${sql}) IS NULL`, problem: "is no score", advice: `Write ${wanted}.` },
    { code: "score-not-finite", condition: `NOT isfinite(${sql})`, problem: "is NaN or infinite", advice: "" },
    ...(outside.length === 0
      ? []
      : [
          {
            code: "score-out-of-range",
            condition: outside.join(" OR "),
            problem: "lies outside the metric's range",
            advice: "Correct the score, or the range.",
          },
        ]),
  ];
  for (const { code, condition, problem, advice } of checks) {
    const found = await connection.runAndReadAll(
      `SELECT ${quotedName(unitColumn)}, CAST(${raw} AS VARCHAR), (count(*) OVER ())::DOUBLE FROM ${arm}_unit_rows WHERE ${condition} ORDER BY 1, 2 LIMIT 1`,
    );
    const [unit, text, count] = found.getRowsJS()[0] ?? [];
    if (unit === undefined) continue;
    const example = `${text === null ? "" : `${JSON.stringify(text)} `}at the unit ${JSON.stringify(unit)}`;
    const message = `Column ${JSON.stringify(value.column)} of ${named(source)} (metric ${name}) ${problem} in ${String(count)} rows: ${example}. ${advice}`;
    throw new DataProblem(code, message.trim());
  }
}
