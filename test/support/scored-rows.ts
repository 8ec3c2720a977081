import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import type { RowAnswer, RowTable } from "#domain/evaluation/rows/row-table.ts";
import type { Columns } from "#domain/model/model-definition.ts";
import { rowMetric, rowScoringRequest } from "#test/support/row-scoring-request.ts";
import { fileIn } from "#test/support/scoring-request.ts";

export type Line = Readonly<Record<string, string | number>>;

/** Goes the whole way: a file, DuckDB, what the metrics read of it. Rows are named so that they keep their order. */
export function answeredRows(
  folder: string,
  task: "classification" | "regression",
  lines: readonly Line[],
  columns: Partial<Columns>,
  metrics: readonly string[],
): Promise<RowAnswer> {
  const numbered = lines.map((line, index) => ({ row_id: String(index).padStart(6, "0"), ...line }));
  writeFileSync(join(folder, "candidate.jsonl"), numbered.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const engine = duckdbEvaluationEngine({ threads: 2, memoryLimit: "512MB", temporaryDirectory: join(folder, "tmp") });
  const request = rowScoringRequest(folder, task, {
    candidate: [fileIn(folder, "candidate.jsonl")],
    baseline: null,
    columns,
    metrics: metrics.map((name) => rowMetric(name, task)),
  });
  return engine.scoreRows(request);
}

/** The same of rows that are as they should be. */
export async function scoredRows(...asked: Parameters<typeof answeredRows>): Promise<RowTable> {
  const { table, problems } = await answeredRows(...asked);
  expect(problems).toEqual([]);
  if (table === null) throw new Error("nothing was scored");
  return table;
}
