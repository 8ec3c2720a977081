import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EvaluationSetting, evaluationSetting, reportOf } from "#test/support/evaluation-setting.ts";

let setting: EvaluationSetting;
beforeEach(() => {
  setting = evaluationSetting();
});
afterEach(() => setting.close());

describe("slipway evaluate --sql", () => {
  it("writes SQL that runs again in plain DuckDB and gives the report's numbers", async () => {
    const file = join(setting.head.root, "evaluation.sql");
    const report = await reportOf(setting.evaluate("--json", "--sql", file));
    const [, ...databases] = readFileSync(file, "utf8").split("SET GLOBAL TimeZone = 'UTC';");
    expect(databases.length).toBeGreaterThan(0);

    const answers = await Promise.all(databases.map(answersOf));
    const found = answers.flat().flatMap(({ columns, rows }) => (columns[0] === "query" ? [rows] : []));
    const sums = found.flatMap((rows) => (rows[0] ?? []).map((_, column) => mean(rows.map((row) => row[column]))));
    const [first] = report.measurements;
    expect(first?.metric).toBe("ndcg@10");
    expect(sums.some((value) => Math.abs(value - (first?.candidate.value ?? Number.NaN)) < 1e-9)).toBe(true);
    expect(sums.some((value) => Math.abs(value - (first?.baseline?.value ?? Number.NaN)) < 1e-9)).toBe(true);
  });
});

/** Runs one database's statements, each as it is written, and keeps what they answer. */
async function answersOf(sql: string) {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const statements = await connection.extractStatements(sql);
  const answers: { readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] }[] = [];
  for (let index = 0; index < statements.count; index += 1) {
    const answer = await (await statements.prepare(index)).runAndReadAll();
    answers.push({ columns: answer.columnNames(), rows: answer.getRowsJS() });
  }
  return answers;
}

function mean(values: readonly unknown[]): number {
  const counted = values.filter((value) => typeof value === "number");
  return counted.reduce((sum, value) => sum + value, 0) / counted.length;
}
