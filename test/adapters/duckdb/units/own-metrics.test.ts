import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { ownMetricSchema } from "#domain/evaluation/own-entry.ts";
import { unitGrain } from "#domain/evaluation/units/unit-grain.ts";
import { ownMetric, type UnitMetric } from "#domain/evaluation/units/unit-metric.ts";
import type { UnitAnswer } from "#domain/evaluation/units/unit-scores.ts";
import { columnsSchema, type EvaluationDefinition } from "#domain/model/model-definition.ts";
import type { UnitScoringRequest } from "#ports/evaluation-engine.ts";
import { fileIn } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "own-metrics-"));
  const file = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  file("labels.csv", "query_id,item_id,label,clicked,locale\n1,007,1,1,de\n1,7,0,0,de\n1,9,0,1,de\n2,7,1,1,fr\n3,7,1,0,fr\n");
  file("candidate.csv", "query_id,item_id,score,margin,note\n1,007,2,0.1,x\n1,7,1,0.2,x\n1,9,3,0.3,y\n2,7,1,5,z\n3,8,1,2,z\n");
  file("baseline.csv", "query_id,item_id,score,margin,note\n1,007,2,0.1,x\n1,7,3,0.2,x\n2,7,1,5,z\n2,8,0.5,,z\n3,8,1,Infinity,z\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function own(sql: string): UnitMetric {
  return ownMetric(ownMetricSchema.parse({ name: "own", better: "higher", sql }));
}

async function scored(
  metrics: readonly UnitMetric[],
  over: Partial<UnitScoringRequest> = {},
  task: EvaluationDefinition["task"] = "ranking",
): Promise<UnitAnswer> {
  const columns = columnsSchema.parse({});
  return duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") }).scoreUnits({
    candidate: [fileIn(folder, "candidate.csv")],
    baseline: null,
    labels: [fileIn(folder, "labels.csv")],
    columns,
    slices: [],
    metrics,
    grain: unitGrain({ task, columns }),
    ...over,
  });
}

const values = async (sql: string): Promise<unknown> => {
  const { table, problems } = await scored([own(sql)]);
  expect(problems).toEqual([]);
  return table?.metrics[0]?.candidate.values;
};

describe("a metric that a model defines by an expression", () => {
  test("is computed over the rows of each query, predictions joined with labels", async () => {
    expect(await values("sum(margin * clicked)")).toEqual([0.4, 5, null]);
    expect(await values("coalesce(sum(margin * clicked), 0)")).toEqual([0.4, 5, 0]);
  });

  test("knows the rank of a row, and filters", async () => {
    expect(await values("sum(margin) FILTER (rank <= 2)")).toEqual([0.4, 5, 2]);
    expect(await values("max(margin) FILTER (rank = 1)")).toEqual([0.3, 5, 2]);
  });

  test("without an aggregate is a value a row, averaged", async () => {
    expect(await values("margin")).toEqual([expect.closeTo(0.2, 15), 5, 2]);
  });

  test("counts, distinct values too, and compares", async () => {
    expect(await values("count(DISTINCT note)")).toEqual([2, 1, 1]);
    expect(await values("count(*) FILTER (clicked = 1) / count(*)")).toEqual([2 / 3, 1, 0]);
    expect(await values("CASE WHEN sum(margin) > 1 THEN 1 ELSE 0 END")).toEqual([0, 1, 1]);
    expect(await values("median(margin) + count(clicked)")).toEqual([3.2, 6, 2]);
  });

  test.each([
    ["a subquery", "sum(margin) + (SELECT 1)", "metric-sql-invalid", "has a subquery"],
    ["a file in a subquery", "(SELECT count(*) FROM read_csv('/etc/passwd'))", "metric-sql-invalid", "has a subquery"],
    ["a second statement", "sum(margin); DROP TABLE queries", "metric-sql-invalid", "is not SQL"],
    ["a way out of its place", "sum(margin)) FROM labels_raw --", "metric-sql-invalid", "is not SQL"],
    ["tables of its own", "sum(margin) FROM candidate_raw", "metric-sql-invalid", "must be one expression"],
    ["a file read by a function", "sum(read_text('/etc/passwd'))", "metric-sql-invalid", "read_text()"],
    ["chance", "sum(margin * random())", "metric-sql-invalid", "random()"],
    ["the time", "sum(epoch(now()))", "metric-sql-invalid", "now()"],
    ["the machine", "sum(length(getenv('HOME')))", "metric-sql-invalid", "getenv()"],
    ["an aggregate whose answer depends on the order of rows", "first(margin)", "metric-sql-invalid", "first()"],
    ["a macro with an aggregate of doubles in it", "geomean(margin)", "metric-sql-invalid", "cannot be computed"],
    ["a window", "sum(margin) OVER ()", "metric-sql-invalid", "no *, window"],
    ["rows beside aggregates", "sum(margin) / margin", "metric-sql-invalid", "mixes aggregates"],
    ["an aggregate within another", "sum(avg(margin))", "metric-sql-invalid", "within an aggregate"],
    ["a column of a table", "sum(candidate_raw.margin)", "metric-sql-invalid", "write the column alone"],
    ["Slipway's own column", 'count(DISTINCT "slipway unit")', "column-missing", "slipway unit"],
    ["an unknown column", "sum(margins * clicked)", "column-missing", 'Did you mean "margin"?'],
    ["a text column", "sum(note)", "metric-not-numeric", "VARCHAR"],
    ["a text for a value", "CASE WHEN sum(margin) > 1 THEN 'much' ELSE 'little' END", "metric-not-numeric", "VARCHAR"],
    ["a division by 0", "sum(margin) / count(*) FILTER (clicked = 7)", "metric-not-finite", "nullif"],
    ["a row that divides by 0", "sum(margin / (clicked - 1))", "metric-not-finite", "nullif"],
  ])("refuses %s", async (_, sql, code, mention) => {
    const { table, problems } = await scored([own(sql)]);
    expect(problems).toEqual([{ code, verdict: "error", message: expect.stringContaining(mention) }]);
    expect(table).toBeNull();
  });

  test("refuses an infinite number of the data, and says where it stands", async () => {
    const { problems } = await scored([own("sum(margin)")], { baseline: [fileIn(folder, "baseline.csv")] });
    expect(problems[0]?.message).toContain('is inf in baseline.csv (the baseline\'s predictions) at the unit "3"');
  });
});
