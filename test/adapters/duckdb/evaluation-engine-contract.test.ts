import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ScoringAnswer } from "#domain/evaluation/scored-table.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import type { Row } from "#test/support/fakes/evaluation-engine.ts";
import { listFacts } from "#test/support/report-request.ts";
import { scoringRequest } from "#test/support/scoring-request.ts";
import { bothEngines, type Files } from "./both-engines.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "engine-contract-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const engines = bothEngines(() => folder);

const candidate = [ranked("q1", ["a", "b", "c"]), ranked("q2", ["z", "y", "x"]), ranked("q10", ["m"])].flat();
const baseline = [ranked("q1", ["c", "b", "a"]), ranked("q2", ["x", "y", "z"]), ranked("q10", ["m"])].flat();
const labels = [
  { query_id: "q1", item_id: "a", label: 2, locale: "de", interactions: 3 },
  { query_id: "q1", item_id: "c", label: 1, locale: "de", interactions: 3 },
  { query_id: "q2", item_id: "x", label: 1, locale: "fr", interactions: 9 },
  { query_id: "q10", item_id: "m", label: 0, locale: "fr", interactions: 9 },
];

describe.each(Object.entries(engines))("an evaluation engine: %s", (_, build) => {
  const score = (files: Files, over: Partial<ScoringRequest> = {}): Promise<ScoringAnswer> =>
    build(files, { "interactions < 5": (row) => Number(row["interactions"]) < 5 }).score(scoringRequest(folder, over));

  test("scores each query in both arms, in the order of the ids' bytes, and leaves out queries without a relevant item", async () => {
    const { table, problems } = await score({ "candidate.jsonl": candidate, "baseline.jsonl": baseline, "labels.jsonl": labels });
    expect(problems).toEqual([]);
    expect(table?.rows).toEqual(["q1", "q10", "q2"]);
    expect(
      table?.metrics.map((scored) => [scored.metric.name, scored.kind === "scored" && [scored.candidate, scored.baseline].map(rounded)]),
    ).toEqual([
      [
        "ndcg@2",
        [
          [0.760188, null, 0],
          [0.380094, null, 1],
        ],
      ],
      [
        "recall@2",
        [
          [0.5, null, 0],
          [0.5, null, 1],
        ],
      ],
      [
        "mrr",
        [
          [1, null, 0.333333],
          [1, null, 1],
        ],
      ],
    ]);
    const lists = { shortest: 1, median: 3, longest: 3 };
    expect(table?.facts).toEqual({
      cutoffs: [
        {
          k: 2,
          candidate: { listed: 5, judged: 2, queries: 3, tied: 0 },
          baseline: { listed: 5, judged: 3, queries: 3, tied: 0 },
          judgedOnly: { candidate: 1, baseline: expect.closeTo(0.92986, 5) },
        },
      ],
      identicalScores: false,
      unlabelledQueries: { candidate: 0, baseline: 0 },
      lists: { candidate: listFacts(3, lists), baseline: listFacts(3, lists) },
      labels: { count: 4, negative: 0 },
    });
  });

  test("gives slices, units, clusters and weights of each query", async () => {
    const described = labels.map((row, index) => ({
      ...row,
      user: row.query_id === "q10" ? "007" : "8",
      shop: "s",
      traffic: row.query_id === "q1" ? 2.5 : 1,
      row: index,
    }));
    const columns = { ...scoringRequest(folder).columns, unit: "user", cluster: "shop", weight: "traffic" };
    const slices = ["locale", { name: "cold-start", where: "interactions < 5" }];
    const { table } = await score(
      { "candidate.jsonl": candidate, "baseline.jsonl": baseline, "labels.jsonl": described },
      { columns, slices },
    );
    expect(table?.unit).toEqual({ column: "user", values: ["8", "007", "8"] });
    expect(table?.cluster).toEqual({ column: "shop", values: ["s", "s", "s"] });
    expect(table?.weights).toEqual({ column: "traffic", values: [2.5, 1, 1] });
    expect(table?.slices).toEqual([
      { kind: "column", column: "locale", values: ["de", "fr", "fr"] },
      { kind: "predicate", name: "cold-start", values: [true, false, false] },
    ]);
  });

  test("a query that an arm does not list scores 0 there and is marked", async () => {
    const files = {
      "candidate.jsonl": candidate.filter((row) => row.query_id !== "q2"),
      "baseline.jsonl": baseline,
      "labels.jsonl": labels,
    };
    const { table } = await score(files);
    expect(table?.listed).toEqual({ candidate: [true, true, false], baseline: [true, true, true] });
    expect(table?.metrics.map((scored) => scored.kind === "scored" && scored.candidate[2])).toEqual([0, 0, 0]);
  });

  test("queries without labels are left aside and counted", async () => {
    const files = { "candidate.jsonl": [...candidate, ...ranked("q99", ["a"])], "baseline.jsonl": baseline, "labels.jsonl": labels };
    const { table } = await score(files);
    expect(table?.rows).toEqual(["q1", "q10", "q2"]);
    expect(table?.facts.unlabelledQueries).toEqual({ candidate: 1, baseline: 0 });
  });

  test("a first version is scored alone", async () => {
    const { table } = await score({ "candidate.jsonl": candidate, "labels.jsonl": labels }, { baseline: null });
    expect(table?.listed.baseline).toBeNull();
    expect(table?.metrics.map((scored) => scored.kind === "scored" && scored.baseline)).toEqual([null, null, null]);
  });

  test("a missing baseline file is no-data, and the candidate is still scored", async () => {
    const baselineFiles = [{ path: join(folder, "nowhere.jsonl"), name: "nowhere.jsonl" }];
    const { table, problems } = await score({ "candidate.jsonl": candidate, "labels.jsonl": labels }, { baseline: baselineFiles });
    expect(problems.map(({ code, verdict }) => [code, verdict])).toEqual([["predictions-missing", "no-data"]]);
    expect(problems[0]?.message).toContain("nowhere.jsonl");
    expect(table?.listed.baseline).toBeNull();
  });

  test("the parts of one arm may be split over files", async () => {
    const files = {
      "candidate.jsonl": candidate,
      "one.jsonl": candidate.slice(3),
      "two.jsonl": candidate.slice(0, 3),
      "baseline.jsonl": baseline,
      "labels.jsonl": labels,
    };
    const whole = await score(files);
    const parts = ["one.jsonl", "two.jsonl"].map((name) => ({ path: join(folder, name), name }));
    expect(await score(files, { candidate: parts })).toEqual(whole);
  });

  test("the same predictions in another order are identical", async () => {
    const { table } = await score({ "candidate.jsonl": candidate, "baseline.jsonl": candidate.toReversed(), "labels.jsonl": labels });
    expect(table?.facts.identicalScores).toBe(true);
  });

  test("without a labels file, the label columns of both arms are the labels", async () => {
    const own = candidate.map((row) => ({ ...row, label: row.item_id === "a" || row.item_id === "x" ? 1 : 0 }));
    const other = baseline.map((row) => ({ ...row, label: row.item_id === "a" || row.item_id === "x" ? 1 : 0 }));
    const { table, problems } = await score({ "candidate.jsonl": own, "baseline.jsonl": other }, { labels: null });
    expect(problems).toEqual([]);
    expect(
      table?.metrics.map(
        (scored) => scored.kind === "scored" && scored.candidate.map((value) => value === null || Math.round(value * 100)),
      ),
    ).toEqual([
      [100, true, 0],
      [100, true, 0],
      [100, true, 33],
    ]);
  });

  test("without a labels file, arms that list different items leave what needs all labels unmeasured", async () => {
    const own = candidate.map((row) => ({ ...row, label: 1 }));
    const { table } = await score({ "candidate.jsonl": own, "baseline.jsonl": own.slice(1) }, { labels: null });
    expect(table?.metrics.map(({ metric: { name }, kind }) => [name, kind])).toEqual(
      expect.arrayContaining([
        ["ndcg@2", "unmeasurable"],
        ["recall@2", "unmeasurable"],
        ["mrr", "scored"],
      ]),
    );
  });

  const refused: readonly [string, string, (files: Files) => Files, Partial<ScoringRequest>][] = [
    [
      "no candidate file",
      "predictions-missing",
      ({ "candidate.jsonl": _, ...files }) => files,
      { candidate: [{ path: "/nowhere/x.jsonl", name: "x.jsonl" }] },
    ],
    ["no labels file", "labels-missing", (files) => files, { labels: [{ path: "/nowhere/l.jsonl", name: "l.jsonl" }] }],
    ["an empty file", "file-empty", (files) => ({ ...files, "candidate.jsonl": [] }), {}],
    [
      "no score column",
      "column-missing",
      changed(({ query_id, item_id }) => ({ query_id: query_id ?? null, item_id: item_id ?? null })),
      {},
    ],
    ["a score that is no number", "score-not-numeric", changed((row) => ({ ...row, score: "high" })), {}],
    ["NaN scores", "score-not-finite", changed((row) => ({ ...row, score: "NaN" })), {}],
    ["infinite scores", "score-not-finite", changed((row) => ({ ...row, score: "-inf" })), {}],
    ["missing scores", "score-missing", changed((row) => ({ ...row, score: row["item_id"] === "a" ? null : (row["score"] ?? null) })), {}],
    [
      "an item twice in a query",
      "duplicate-rows",
      (files) => ({ ...files, "candidate.jsonl": [...candidate, ...candidate.slice(0, 1)] }),
      {},
    ],
    [
      "two labels for one item",
      "labels-conflict",
      (files) => ({ ...files, "labels.jsonl": [...labels, { ...labels[0], label: 0 } as Row] }),
      {},
    ],
    [
      "a slice that varies in a query",
      "slice-varies-within-unit",
      (files) => ({ ...files, "labels.jsonl": [...labels, { query_id: "q1", item_id: "b", label: 0, locale: "fr", interactions: 3 }] }),
      { slices: ["locale"] },
    ],
    [
      "buckets of what is no number",
      "slice-not-numeric",
      (files) => ({ ...files, "labels.jsonl": (files["labels.jsonl"] ?? []).map((row) => ({ ...row, price: "cheap" })) }),
      { slices: [{ column: "price", buckets: [10] }] },
    ],
    ["a slice column that is not there", "column-missing", (files) => files, { slices: ["country"] }],
    ['a slice column called "name"', "slice-column-reserved", (files) => files, { slices: ["name"] }],
  ];

  test.each(refused)("refuses %s as %s", async (_name, code, change, over) => {
    const { table, problems } = await score(
      change({ "candidate.jsonl": candidate, "baseline.jsonl": baseline, "labels.jsonl": labels }),
      over,
    );
    expect(table).toBeNull();
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(problems[0]?.verdict).toBe(code === "predictions-missing" ? "no-data" : "error");
  });
});

function rounded(values: readonly (number | null)[] | null): readonly (number | null)[] | null {
  return values === null ? null : values.map((value) => (value === null ? null : Number(value.toFixed(6))));
}

function ranked(query: string, items: readonly string[]): readonly { query_id: string; item_id: string; score: number }[] {
  return items.map((item, place) => ({ query_id: query, item_id: item, score: items.length - place }));
}

function changed(change: (row: Row) => Row): (files: Files) => Files {
  return (files) => ({ ...files, "candidate.jsonl": (files["candidate.jsonl"] ?? []).map(change) });
}
