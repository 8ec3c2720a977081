import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { fileIn, metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slice-predicate-"));
  writeFileSync(join(folder, "labels.csv"), "query_id,item_id,label,locale,interactions\n1,007,1,de,3\n1,7,0,de,3\n2,7,1,fr,9\n");
  writeFileSync(join(folder, "candidate.csv"), "query_id,item_id,score\n1,007,2\n1,7,1\n2,7,1\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a slice's predicate", () => {
  const slice = (where: string) =>
    duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") }).score({
      ...scoringRequest(folder),
      candidate: [fileIn(folder, "candidate.csv")],
      baseline: null,
      labels: [fileIn(folder, "labels.csv")],
      metrics: [metric("mrr")],
      slices: [{ name: "chosen", where }],
    });

  test("is computed on the columns of the labels, with their types", async () => {
    const { table } = await slice("interactions < 5 AND lower(locale) = 'de'");
    expect(table?.slices).toEqual([{ kind: "predicate", name: "chosen", values: [true, false] }]);
  });

  test("may end with a comment, which swallows nothing", async () => {
    const { table } = await slice("interactions < 5 -- few");
    expect(table?.slices).toEqual([{ kind: "predicate", name: "chosen", values: [true, false] }]);
  });

  test.each([
    ["a syntax error", "interactions <", "is not SQL"],
    ["two expressions", "true, false", "must be one expression"],
    ["an escape from its parentheses", "true) OR (true", "is not SQL"],
    ["a second statement", "true; SELECT 1", "must be one expression"],
    ["a second statement that does something", "true; DROP TABLE labels", "is not SQL"],
    ["another clause", "true ORDER BY 1", "must be one expression"],
    ["its own tables", "true FROM labels_raw", "must be one expression"],
    ["a subquery", "EXISTS (SELECT 1 FROM read_text('/etc/passwd'))", "has a subquery"],
    ["a function that changes its answer", "random() < 0.5", "random()"],
    ["the time", "now() > '2026-01-01'", "now()"],
    ["an aggregate", "max(interactions) > 3", "max()"],
    ["a window", "row_number() OVER () > 1", "must be about one row"],
    ["a parameter", "interactions < $1", "must be about one row"],
    ["an unknown column", "clicks > 3", "clicks"],
  ])("refuses %s", async (_, where, mention) => {
    const { table, problems } = await slice(where);
    expect(table).toBeNull();
    expect(problems.map(({ code }) => code)).toEqual(["slice-predicate-invalid"]);
    expect(problems[0]?.message).toContain(mention);
  });
});
