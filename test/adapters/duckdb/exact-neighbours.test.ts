import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { preflightFindings } from "#domain/evaluation/preflight.ts";
import type { ScoringAnswer } from "#domain/evaluation/scored-table.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { header } from "#test/support/report-request.ts";
import { fileIn, metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "exact-neighbours-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const columns = { query: "query_id", item: "item_id", score: "score", label: "label" };
const found = metric("neighbour_recall@2");

function score(labels: readonly string[], over: Partial<ScoringRequest> = {}): Promise<ScoringAnswer> {
  writeFileSync(join(folder, "labels.csv"), labels.join("\n"));
  writeFileSync(join(folder, "candidate.csv"), "query_id,item_id,score\nq1,a,3\nq1,b,2\nq1,c,1");
  const engine = duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
  const files = { candidate: [fileIn(folder, "candidate.csv")], baseline: null, labels: [fileIn(folder, "labels.csv")] };
  return engine.score(scoringRequest(folder, { ...files, task: "retrieval", columns, metrics: [found], ...over }));
}

const valuesOf = ({ table }: ScoringAnswer) => table?.metrics.map((own) => own.kind === "scored" && own.candidate[0]);

describe("exact neighbours", () => {
  test("need no label and no order where there are exactly k of them", async () => {
    expect(valuesOf(await score(["query_id,item_id", "q1,a", "q1,z"]))).toEqual([0.5]);
  });

  test("as near as the k-th count as well with neighbours within, and the id decides with neighbours first", async () => {
    const labels = ["query_id,item_id,far", "q1,x,1", "q1,a,2", "q1,b,2", "q1,c,3"];
    const metrics = [found, metric("neighbour_recall@2", { neighbours: "within" }), metric("neighbour_recall@3")];
    expect(valuesOf(await score(labels, { columns: { ...columns, distance: "far" }, metrics }))).toEqual([0.5, 1, 2 / 3]);
  });

  test.each([
    ["fewer than k", ["query_id,item_id", "q1,a"], {}, "neighbours-too-few", "1 exact neighbours"],
    [
      "more than k in no order",
      ["query_id,item_id", "q1,a", "q1,b", "q1,c"],
      {},
      "neighbours-unordered",
      "columns.rank or columns.distance",
    ],
    ["without a rank", ["query_id,item_id,place", "q1,a,1", "q1,b,"], { columns: { ...columns, rank: "place" } }, "rank-missing", '"b"'],
    [
      "at no distance",
      ["query_id,item_id,far", "q1,a,1", "q1,b,nan"],
      { columns: { ...columns, distance: "far" } },
      "distance-not-finite",
      "nan",
    ],
    ["of no query", ["query_id,item_id", ",a"], {}, "identifier-missing", '"query_id"'],
  ])("%s are refused", async (_name, labels, over, code, mention) => {
    const { table, problems } = await score(labels, over);
    expect(table).toBeNull();
    expect(problems).toMatchObject([{ code, verdict: "error" }]);
    expect(problems[0]?.message).toContain(mention);
  });

  test("fewer than k are enough where that is what is divided by", async () => {
    const metrics = [metric("neighbour_recall@2", { divisor: "capped" })];
    expect(valuesOf(await score(["query_id,item_id", "q1,b"], { metrics }))).toEqual([1]);
  });

  test("are no labels that an index could have been shown: an exact list is no leak, and an unlisted item is not unjudged", async () => {
    const queries = Array.from({ length: 40 }, (_, index) => `q${index}`);
    writeFileSync(join(folder, "exact.csv"), ["query_id,item_id,score", ...queries.flatMap((q) => [`${q},a,2`, `${q},b,1`])].join("\n"));
    const labels = ["query_id,item_id", ...queries.map((q) => `${q},a`)];
    const over = { candidate: [fileIn(folder, "exact.csv")], metrics: [metric("neighbour_recall@1")] };
    const codes = async (task: "ranking" | "retrieval", rows: readonly string[]) => {
      const { table } = await score(rows, { ...over, task });
      if (table === null) throw new Error("the table must be there");
      const own = { ...header, baseline: null };
      return preflightFindings({ scored: table, header: own, identical: "refused", negativeLabels: "refused" }).map(({ code }) => code);
    };
    expect(await codes("retrieval", labels)).not.toEqual(expect.arrayContaining(["scores-order-as-labels"]));
    expect(await codes("retrieval", labels)).not.toEqual(expect.arrayContaining(["judged-at-k"]));
    const graded = labels.map((row, index) => `${row},${index === 0 ? "label" : "1"}`);
    expect(await codes("ranking", graded)).toEqual(expect.arrayContaining(["scores-order-as-labels", "judged-at-k"]));
  });
});
