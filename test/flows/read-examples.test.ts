import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { assembleReport } from "#domain/evaluation/assemble-report.ts";
import { printReport } from "#domain/evaluation/report.ts";
import { randomFrom } from "#domain/statistics/random.ts";
import { readExamples } from "#flows/read-examples.ts";
import { bothEngines } from "#test/adapters/duckdb/both-engines.ts";
import type { Row } from "#test/support/fakes/evaluation-engine.ts";
import { gates, header } from "#test/support/report-request.ts";
import { rowMetric, rowScoringRequest } from "#test/support/row-scoring-request.ts";
import { fileIn, metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "read-examples-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const line = (query: string, item: string, score: number): Row => ({ query_id: query, item_id: item, score });
const label = (query: string, item: string, grade: number): Row => ({ query_id: query, item_id: item, label: grade });
const files = {
  "candidate.jsonl": [line("1", "a", 3), line("1", "b", 2), line("1", "c", 2), line("2", "a", 1), line("2", "b", 0.5), line("3", "a", 1)],
  "baseline.jsonl": [line("1", "b", 3), line("1", "a", 2), line("2", "b", 1), line("2", "a", 0.5), line("3", "a", 9)],
  "labels.jsonl": [label("1", "a", 2), label("1", "c", 0), label("2", "b", 1), label("3", "a", 1)],
};

describe.each(Object.entries(bothEngines(() => folder)))("examples of lists, read with %s", (_, build) => {
  test("show both lists of each query side by side, with the labels, in the order in which they were scored", async () => {
    const engine = build(files);
    const request = scoringRequest(folder, { metrics: [metric("ndcg@2")] });
    const answer = await engine.score(request);
    expect(await readExamples(engine, { answer, others: [] }, request, gates({ metric: "ndcg@2", noWorseThan: "2%" }))).toEqual({
      metric: "ndcg@2",
      better: "higher",
      unit: "query_id",
      wins: [
        {
          id: "1",
          difference: expect.closeTo(1 - 1 / Math.log2(3), 9),
          candidate: 1,
          baseline: expect.closeTo(1 / Math.log2(3), 9),
          lists: {
            baseline: [
              { rank: 1, item: "b", score: 3, label: null },
              { rank: 2, item: "a", score: 2, label: 2 },
            ],
            candidate: [
              { rank: 1, item: "a", score: 3, label: 2 },
              { rank: 2, item: "c", score: 2, label: 0 },
            ],
          },
        },
      ],
      losses: [
        {
          id: "2",
          difference: expect.closeTo(1 / Math.log2(3) - 1, 9),
          candidate: expect.closeTo(1 / Math.log2(3), 9),
          baseline: 1,
          lists: {
            baseline: [
              { rank: 1, item: "b", score: 1, label: 1 },
              { rank: 2, item: "a", score: 0.5, label: null },
            ],
            candidate: [
              { rank: 1, item: "a", score: 1, label: null },
              { rank: 2, item: "b", score: 0.5, label: 1 },
            ],
          },
        },
      ],
    });
  });

  test("take labels from the predictions of both arms where there is no file of them, and stand without lists when a file is gone", async () => {
    const graded = (rows: readonly Row[]) => rows.map((row) => ({ ...row, label: row["item_id"] === "a" ? 1 : 0 }));
    const engine = build({ "candidate.jsonl": graded(files["candidate.jsonl"]), "baseline.jsonl": graded(files["baseline.jsonl"]) });
    const request = { ...scoringRequest(folder, { metrics: [metric("precision@1")] }), labels: null };
    const answer = await engine.score(request);
    const examples = await readExamples(engine, { answer, others: [] }, request, []);
    expect(examples?.wins.map(({ id, lists }) => [id, lists?.candidate[0]?.label, lists?.baseline[0]?.label])).toEqual([
      ["1", 1, 0],
      ["2", 1, 0],
    ]);
    const gone = { ...request, candidate: [{ path: join(folder, "gone.jsonl"), name: "gone.jsonl" }] };
    expect((await readExamples(engine, { answer, others: [] }, gone, []))?.wins.map(({ id, lists }) => [id, lists])).toEqual([
      ["1", undefined],
      ["2", undefined],
    ]);
  });
});

describe("the whole report", () => {
  const random = randomFrom("report");
  const queries = Array.from({ length: 330 }, (_, index) => `q${index}`);
  const listed = (noise: number) =>
    queries.flatMap((query, index) =>
      ["a", "b", "c", "d"].map((item, place) =>
        line(query, item, Math.round(4 * (noise * random.share() - place / 4 + (index % 3) / 9)) / 4),
      ),
    );
  const described = (row: Row): Row => ({ ...row, label: row["item_id"] === "a" ? 2 : row["item_id"] === "b" ? 1 : 0 });
  const world = {
    candidate: listed(2),
    baseline: listed(1.5),
    labels: queries.flatMap((query, index) =>
      ["a", "b", "d"].map((item) => ({
        ...described(line(query, item, 0)),
        locale: ["de", "fr"][index % 2],
        tier: ["x", "y", "z"][index % 3],
      })),
    ) as readonly Row[],
  };

  const shuffled = <T>(rows: readonly T[], seed: string): readonly T[] => {
    const order = randomFrom(seed);
    return rows
      .map((row) => [order.share(), row] as const)
      .toSorted(([a], [b]) => a - b)
      .map(([, row]) => row);
  };

  const slices = ["locale", "tier"];
  const ranking = async (threads: number, seed: string): Promise<string> => {
    for (const [name, rows] of Object.entries(world)) write(`${name}.jsonl`, shuffled<Row>(rows, seed));
    const engine = duckdbEvaluationEngine({ threads, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
    const request = scoringRequest(folder, { metrics: [metric("ndcg@3")], slices });
    const answer = await engine.score(request);
    return reported(engine, answer, request);
  };
  const rows = async (threads: number, seed: string): Promise<string> => {
    const made = (skill: (index: number) => number) =>
      queries.map((id, index) => ({ row_id: id, score: (index % 7) + Math.round(10 * skill(index)) / 10 }));
    const truth = queries.map((id, index) => ({
      row_id: id,
      label: index % 7,
      locale: ["de", "fr"][index % 2],
      tier: ["x", "y", "z"][index % 3],
    }));
    write(
      "candidate.jsonl",
      shuffled(
        made((index) => (index % 5) / 3),
        seed,
      ),
    );
    write(
      "baseline.jsonl",
      shuffled(
        made((index) => (index % 11) / 6),
        seed,
      ),
    );
    write("labels.jsonl", shuffled(truth, seed));
    const engine = duckdbEvaluationEngine({ threads, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
    const request = {
      ...rowScoringRequest(folder, "regression", { metrics: [rowMetric("mae", "regression")], labels: [fileIn(folder, "labels.jsonl")] }),
      slices,
    };
    const answer = await engine.scoreRows(request);
    return reported(engine, answer, null);
  };
  const reported = async (
    engine: ReturnType<typeof duckdbEvaluationEngine>,
    answer: Parameters<typeof readExamples>[1]["answer"],
    request: Parameters<typeof readExamples>[2],
  ): Promise<string> => {
    const examples = await readExamples(engine, { answer, others: [] }, request, []);
    return printReport(assembleReport({ header, answer, examples, gates: [], identical: "refused" }));
  };
  const write = (name: string, all: readonly unknown[]): void =>
    writeFileSync(join(folder, name), all.map((row) => `${JSON.stringify(row)}\n`).join(""));

  test.each([
    ["lists", ranking],
    ["rows", rows],
  ])(
    "of %s has examples, a search and shrunken slices, and the same bytes on any number of threads and in any order of rows",
    async (_, make) => {
      const first = await make(1, "first");
      const report = JSON.parse(first);
      expect([report.examples.wins.length, report.examples.losses.length, report.search.slices]).toEqual([10, 10, 5]);
      expect(first).toContain('"shrunken"');
      for (const [threads, seed] of [
        [4, "first"],
        [1, "second"],
        [3, "third"],
      ] as const)
        expect(await make(threads, seed)).toBe(first);
    },
  );
});
