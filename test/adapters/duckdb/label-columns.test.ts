import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { measurementsOf } from "#domain/evaluation/measurements.ts";
import type { ScoringAnswer } from "#domain/evaluation/scored-table.ts";
import { unitsOf } from "#domain/evaluation/unit-table.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { fileIn, metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "label-columns-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const columns = { query: "query_id", item: "item_id", score: "score", label: "label" };
const ips = metric("recall@2", { clicks: "ips", clip: 4 });
const value = metric("value@2", { column: "revenue" });
const byPosition = { columns: { ...columns, position: "place" }, clicks: { positionCurve: [1, 0.5] }, metrics: [ips] };
const byPropensity = { columns: { ...columns, propensity: "seen" }, metrics: [ips] };

function score(labels: readonly string[], over: Partial<ScoringRequest>): Promise<ScoringAnswer> {
  writeFileSync(join(folder, "labels.csv"), labels.join("\n"));
  writeFileSync(join(folder, "candidate.csv"), "query_id,item_id,score\nq1,a,3\nq1,b,2\nq1,c,1\nq2,a,1");
  const engine = duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
  const files = { candidate: [fileIn(folder, "candidate.csv")], baseline: null, labels: [fileIn(folder, "labels.csv")] };
  return engine.score(scoringRequest(folder, { ...files, ...over }));
}

describe("what labels must say beside the grade", () => {
  test.each<readonly [string, readonly string[], Partial<ScoringRequest>, string, string]>([
    ["a value column that is not there", ["query_id,item_id,label,revnue", "q1,a,1,2"], { metrics: [value] }, "column-missing", '"revnue"'],
    ["a value that is text", ["query_id,item_id,label,revenue", "q1,a,1,free"], { metrics: [value] }, "value-not-numeric", '"free"'],
    ["an infinite value", ["query_id,item_id,label,revenue", "q1,a,1,inf"], { metrics: [value] }, "value-not-finite", '"inf"'],
    [
      "a relevant item without a value",
      ["query_id,item_id,label,revenue", "q1,a,1,"],
      { metrics: [value] },
      "value-missing",
      '"a" of query "q1"',
    ],
    [
      "two values of one item",
      ["query_id,item_id,label,revenue", "q1,a,1,2", "q1,a,1,3"],
      { metrics: [value] },
      "labels-conflict",
      '"revenue"',
    ],
    [
      "a value that no sum can hold",
      ["query_id,item_id,label,revenue", "q1,a,1,1e300"],
      { metrics: [value] },
      "value-too-large",
      "revenue",
    ],
    ["a propensity of 0", ["query_id,item_id,label,seen", "q1,a,1,0"], byPropensity, "propensity-invalid", "holds 0"],
    ["a propensity above 1", ["query_id,item_id,label,seen", "q1,a,1,1.5"], byPropensity, "propensity-invalid", "holds 1.5"],
    ["a click without a propensity", ["query_id,item_id,label,seen", "q1,a,1,"], byPropensity, "propensity-missing", "recall@2"],
    ["a place before the first", ["query_id,item_id,label,place", "q1,a,1,0"], byPosition, "position-invalid", "holds 0"],
    ["half a place", ["query_id,item_id,label,place", "q1,a,1,1.5"], byPosition, "position-invalid", "holds 1.5"],
    [
      "a place that the curve does not know",
      ["query_id,item_id,label,place", "q1,a,1,3"],
      byPosition,
      "position-beyond-curve",
      "ends at place 2",
    ],
    ["a click without a place", ["query_id,item_id,label,place", "q1,a,1,"], byPosition, "position-missing", "1 relevant labels"],
  ])("%s is refused", async (_name, labels, over, code, mention) => {
    const { table, problems } = await score(labels, over);
    expect(table).toBeNull();
    expect(problems).toMatchObject([{ code, verdict: "error" }]);
    expect(problems[0]?.message).toContain(mention);
  });

  test("only relevant labels need it", async () => {
    const { table, problems } = await score(["query_id,item_id,label,revenue,seen", "q1,a,1,-2.5,0.5", "q1,b,0,,"], {
      metrics: [value, ips],
      columns: { ...columns, propensity: "seen" },
    });
    expect(problems).toEqual([]);
    expect(table?.metrics.map((own) => own.kind === "scored" && own.candidate)).toEqual([[-2.5], [1]]);
  });

  test("without a labels file it stands in the predictions, and must not differ between the arms", async () => {
    const write = (name: string, revenue: number): void =>
      writeFileSync(join(folder, name), `query_id,item_id,score,label,revenue\nq1,a,3,1,${revenue}\nq1,b,2,0,`);
    write("one.csv", 4);
    write("two.csv", 4);
    const request = scoringRequest(folder, {
      candidate: [fileIn(folder, "one.csv")],
      baseline: [fileIn(folder, "two.csv")],
      labels: null,
      metrics: [value],
    });
    const engine = duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
    const agreed = (await engine.score(request)).table?.metrics[0];
    expect(agreed?.kind === "scored" && [agreed.candidate, agreed.baseline]).toEqual([[4], [4]]);
    write("two.csv", 5);
    expect((await engine.score(request)).problems).toMatchObject([{ code: "labels-conflict", verdict: "error" }]);
  });
});

test("clipped labels are counted in each measurement, by slice, among units that count", async () => {
  const labels = [
    "query_id,item_id,label,seen,locale",
    "q1,a,1,0.1,de",
    "q1,b,1,0.2,de",
    "q1,c,1,0.5,de",
    "q2,a,1,0.01,fr",
    "q2,b,0,0.01,fr",
  ];
  const { table, problems } = await score(labels, { ...byPropensity, slices: ["locale"] });
  expect(problems).toEqual([]);
  const units = table === null ? null : unitsOf(table, "made");
  const measurements = units?.kind === "units" ? measurementsOf(units.table, "made", "no-baseline") : [];
  expect(measurements.map(({ slice, counts }) => [slice, counts])).toEqual([
    [null, { clipped: 3 }],
    [{ locale: "de" }, { clipped: 2 }],
    [{ locale: "fr" }, { clipped: 1 }],
  ]);
  // The clip is 4: a and b count 4 each, c counts 2, and c stands third.
  expect(measurements[1]?.candidate.value).toBeCloseTo(8 / 10, 12);
});

test("values of very different size keep their digits, and add up to the same whatever the order", async () => {
  const labels = ["query_id,item_id,label,revenue", "q1,a,1,1e15", "q1,b,1,0.1", "q1,c,1,-1e15"];
  const { table } = await score(labels, { metrics: [metric("value@3", { column: "revenue" })] });
  const [scored] = table?.metrics ?? [];
  expect(scored?.kind === "scored" ? scored.candidate[0] : null).toBeCloseTo(0.1, 12);
});
