import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import type { RowTask } from "#domain/evaluation/rows/row-metrics.ts";
import type { RowAnswer } from "#domain/evaluation/rows/row-table.ts";
import type { Columns } from "#domain/model/model-definition.ts";
import type { SliceDefinition } from "#domain/model/slice-definition.ts";
import type { EvaluationEngine, RowScoringRequest } from "#ports/evaluation-engine.ts";
import { evaluationEngineFake, type Row } from "#test/support/fakes/evaluation-engine.ts";
import { rowMetric, rowScoringRequest } from "#test/support/row-scoring-request.ts";
import { fileIn } from "#test/support/scoring-request.ts";
import { takeTypedArraysAsLists } from "#test/support/typed-as-list.ts";

const folder = mkdtempSync(join(tmpdir(), "rows-contract-"));
beforeAll(takeTypedArraysAsLists);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, readonly Row[]>>;

const engines: Readonly<Record<string, (files: Files) => EvaluationEngine>> = {
  "the fake": (files) =>
    evaluationEngineFake({
      files: new Map(Object.entries(files).map(([name, rows]) => [join(folder, name), rows])),
      predicates: { "age < 30": (row) => Number(row["age"]) < 30 },
    }),
  DuckDB: (files) => {
    for (const [name, rows] of Object.entries(files))
      writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
  },
};

const rows: readonly Row[] = [
  { row_id: "10", score: 0.9, label: 1, country: "de", age: 41, user: "u1", weight: 2 },
  { row_id: "9", score: 0.2, label: 0, country: "fr", age: 22, user: "u1", weight: 1 },
  { row_id: "a", score: 0.6, label: 1, country: null, age: 29, user: "u2", weight: 0 },
];
const others = rows.map((row) => ({ ...row, score: 1 - Number(row["score"]) }));

type Ask = Partial<Omit<RowScoringRequest, "columns" | "metrics">> & {
  readonly columns?: Partial<Columns>;
  readonly metrics?: readonly string[];
};

describe.each(Object.entries(engines))("rows in an evaluation engine: %s", (_, build) => {
  const ask = (files: Files, { metrics = ["auc", "log_loss"], task = "classification", ...over }: Ask = {}): Promise<RowAnswer> =>
    build(files).scoreRows(rowScoringRequest(folder, task, { ...over, metrics: metrics.map((name) => rowMetric(name, task)) }));

  test("pairs the arms by their key, in the order of its bytes", async () => {
    const { table, problems } = await ask({ "candidate.jsonl": rows, "baseline.jsonl": others.toReversed() });
    expect(problems).toEqual([]);
    expect(table).toMatchObject({
      key: "row_id",
      rows: 3,
      truth: [1, 0, 1],
      candidate: { score: [0.9, 0.2, 0.6], listed: "all", predicted: [1, 0, 1] },
      unit: { column: "row_id", values: null },
      weights: null,
    });
    expect(Array.from(table?.baseline?.score ?? [], (score) => Number(score.toFixed(9)))).toEqual([0.1, 0.8, 0.4]);
  });

  test("brings numbers for buckets and both columns of a crossing, read once each", async () => {
    const by = { column: "age", buckets: [25, 40] };
    const { table } = await ask(
      { "candidate.jsonl": rows, "baseline.jsonl": others },
      { slices: [by, { cross: ["country", { column: "age", quantiles: 2 }] }] },
    );
    expect(table?.slices).toEqual([
      { kind: "buckets", by, values: [41, 22, 29] },
      {
        kind: "cross",
        parts: [
          { kind: "column", column: "country", values: ["de", "fr", null] },
          { kind: "buckets", by: { column: "age", quantiles: 2 }, values: [41, 22, 29] },
        ],
      },
    ]);
  });

  const catalogue: readonly Row[] = [
    { item_id: "i1", brand: "acme", price: 5, country: "ignored" },
    { item_id: "i2", brand: null, price: 50, country: "ignored" },
  ];
  const bought = rows.map((row, index) => ({ ...row, item_id: `i${index + 1}` }));
  const dear = { name: "young", where: "age < 30" };
  const slices: readonly SliceDefinition[] = ["brand", "country", { column: "price", buckets: [10] }, dear];
  const expected = [
    { kind: "column", column: "brand", values: ["acme", null, null] },
    { kind: "column", column: "country", values: ["de", "fr", null] },
    { kind: "buckets", by: { column: "price", buckets: [10] }, values: [5, 50, null] },
    { kind: "predicate", name: "young", values: [false, true, true] },
  ];

  test("slices rows by what the catalogue says of their items, as far as they do not say it themselves", async () => {
    const files = { "candidate.jsonl": bought, "baseline.jsonl": bought, "items.jsonl": catalogue };
    const { table, problems } = await ask(files, { items: [fileIn(folder, "items.jsonl")], slices });
    expect(problems).toEqual([]);
    expect(table?.slices).toEqual(expected);
  });

  test("joins the catalogue to a labels file, where that describes the rows", async () => {
    const labels = bought.map((row) => ({ ...row, score: null }));
    const files = { "candidate.jsonl": rows, "baseline.jsonl": others, "labels.jsonl": labels, "items.jsonl": catalogue };
    const over = { items: [fileIn(folder, "items.jsonl")], labels: [fileIn(folder, "labels.jsonl")], slices };
    const { table, problems } = await ask(files, over);
    expect([problems, table?.slices]).toEqual([[], expected]);
  });

  test("refuses a slice column that neither rows nor catalogue have", async () => {
    const files = { "candidate.jsonl": bought, "baseline.jsonl": bought, "items.jsonl": catalogue };
    const { problems } = await ask(files, { items: [fileIn(folder, "items.jsonl")], slices: ["colour"] });
    expect(problems.map(({ code }) => code)).toEqual(["column-missing"]);
  });

  test("brings units, clusters, weights and slices, the empty value of a slice column being none", async () => {
    const { table, problems } = await ask(
      { "candidate.jsonl": rows, "baseline.jsonl": others },
      { columns: { unit: "user", cluster: "user", weight: "weight" }, slices: ["country", { name: "young", where: "age < 30" }] },
    );
    // A predicate reads numbers as numbers, which text columns are not in the fake: both see the same rows.
    expect(problems).toEqual([]);
    expect(table).toMatchObject({
      unit: { column: "user", values: ["u1", "u1", "u2"] },
      cluster: { column: "user", values: ["u1", "u1", "u2"] },
      weights: [2, 1, 0],
      slices: [
        { kind: "column", column: "country", values: ["de", "fr", null] },
        { kind: "predicate", name: "young", values: [false, true, true] },
      ],
    });
  });

  test("takes labels from their own file, tells missing rows apart from unlabelled ones", async () => {
    const labels = rows.map(({ row_id = null, label = null }) => ({ row_id, label }));
    const candidate = [...rows.slice(1), { row_id: "zz", score: 0.5 }];
    const { table, problems } = await ask(
      { "candidate.jsonl": candidate, "baseline.jsonl": others, "labels.jsonl": labels },
      { labels: [fileIn(folder, "labels.jsonl")] },
    );
    expect(problems).toEqual([]);
    expect(table).toMatchObject({ candidate: { listed: [false, true, true] }, unlabelled: { candidate: 1, baseline: 0 } });
  });

  test("names a row by several columns", async () => {
    const twice = [...rows, ...rows.map((row) => ({ ...row, day: "2" }))].map((row) => ({ day: "1", ...row }));
    const { table, problems } = await ask({ "candidate.jsonl": twice, "baseline.jsonl": twice }, { columns: { row: ["row_id", "day"] } });
    expect([problems, table?.key, table?.rows]).toEqual([[], "row_id, day", 6]);
  });

  test("reads classes as text, and the positive one of two by its name", async () => {
    const named = rows.map((row) => ({
      ...row,
      label: row["label"] === 1 ? "yes" : "no",
      guess: Number(row["score"]) > 0.8 ? "yes" : "no",
    }));
    const binary = await ask(
      { "candidate.jsonl": named, "baseline.jsonl": named },
      { columns: { positive: "yes", class: "guess" }, metrics: ["precision"] },
    );
    expect(binary.table).toMatchObject({ truth: [1, 0, 1], classes: ["0", "1"], candidate: { predicted: [1, 0, 0] } });
    const several = await ask(
      { "candidate.jsonl": named, "baseline.jsonl": named.map((row) => ({ ...row, guess: "maybe" })) },
      { columns: { class: "guess" }, metrics: ["accuracy"] },
    );
    expect(several.table).toMatchObject({
      truth: [2, 1, 2],
      classes: ["maybe", "no", "yes"],
      candidate: { predicted: [2, 1, 1] },
      baseline: { predicted: [0, 0, 0] },
    });
  });

  test("takes the most probable class, the first of equal ones", async () => {
    const probable = rows.map(({ row_id }, index) => ({
      row_id: row_id ?? "",
      label: "b",
      pa: [0.5, 0.2, 0.1][index] ?? 0,
      pb: [0.5, 0.3, 0.7][index] ?? 0,
      pc: [0, 0.5, 0.2][index] ?? 0,
    }));
    const { table, problems } = await ask(
      { "candidate.jsonl": probable, "baseline.jsonl": probable },
      { columns: { probabilities: { a: "pa", b: "pb", c: "pc" } }, metrics: ["accuracy", "top_k_accuracy@2"] },
    );
    expect(problems).toEqual([]);
    expect(table).toMatchObject({ classes: ["a", "b", "c"], truth: [1, 1, 1], candidate: { predicted: [0, 2, 1] } });
  });

  const with1 = (change: Readonly<Record<string, string | number | null>>): readonly Row[] =>
    rows.map((row, index) => (index === 1 ? { ...row, ...change } : row));
  const bad: readonly {
    readonly name: string;
    readonly candidate: readonly Row[];
    readonly code: string;
    readonly ask?: Ask;
    readonly task?: RowTask;
  }[] = [
    { name: "the same row twice", candidate: [...rows, ...rows.slice(0, 1)], code: "duplicate-rows" },
    { name: "a row without a key", candidate: with1({ row_id: null }), code: "identifier-missing" },
    { name: "no score", candidate: with1({ score: null }), code: "score-missing" },
    { name: "a score that is text", candidate: with1({ score: "high" }), code: "score-not-numeric" },
    { name: "NaN", candidate: with1({ score: "NaN" }), code: "score-not-finite" },
    { name: "Infinity", candidate: with1({ score: "inf" }), code: "score-not-finite" },
    { name: "a probability above 1", candidate: with1({ score: 1.5 }), code: "probability-out-of-range" },
    { name: "labels as words", candidate: rows.map((row) => ({ ...row, label: "yes" })), code: "labels-not-binary" },
    { name: "an empty label", candidate: with1({ label: null }), code: "label-missing" },
    { name: "labels that contradict the other arm's", candidate: with1({ label: 1 }), code: "labels-conflict" },
    {
      name: "buckets of what is no number",
      candidate: rows.map((row) => ({ ...row, age: "young" })),
      code: "slice-not-numeric",
      ask: { slices: [{ column: "age", buckets: [25] }] },
    },
    {
      name: "another slice than the other arm's",
      candidate: with1({ country: "it" }),
      code: "slice-varies-within-row",
      ask: { slices: ["country"] },
    },
    { name: "no score column", candidate: rows.map(({ score: _score, ...row }) => row), code: "column-missing" },
    { name: "a weight column that is missing", candidate: rows, code: "column-missing", ask: { columns: { weight: "w" } } },
    {
      name: "an interval upside down",
      candidate: rows.map((row) => ({ ...row, lo: 2, hi: 1 })),
      code: "interval-inverted",
      ask: { task: "regression", metrics: ["interval_coverage"], columns: { lower: "lo", upper: "hi" } },
    },
    {
      name: "labels as words in a regression",
      candidate: rows.map((row) => ({ ...row, label: "much" })),
      code: "label-not-numeric",
      ask: { task: "regression", metrics: ["mae"] },
    },
    {
      name: "a metric of two classes among several",
      candidate: rows,
      code: "metric-input-missing",
      ask: { columns: { class: "country" }, metrics: ["auc"] },
    },
    {
      name: "a class that is not declared",
      candidate: rows.map((row) => ({ ...row, guess: "x" })),
      code: "class-unknown",
      ask: { columns: { class: "guess", classes: ["0", "1"] }, metrics: ["accuracy"] },
    },
    {
      name: "probabilities that do not sum to 1",
      candidate: rows.map((row) => ({ ...row, pa: 0.5, pb: 0.2 })),
      code: "probabilities-do-not-sum",
      ask: { columns: { probabilities: { "0": "pa", "1": "pb" } }, metrics: ["accuracy"] },
    },
  ];

  test.each(bad)("refuses $name", async ({ candidate, code, ask: own = {} }) => {
    const baseline = code === "labels-conflict" || code === "slice-varies-within-row" ? rows : candidate;
    const { table, problems } = await ask({ "candidate.jsonl": candidate, "baseline.jsonl": baseline }, own);
    expect([table, problems.map((problem) => [problem.code, problem.verdict])]).toEqual([null, [[code, "error"]]]);
  });

  const logged: readonly Row[] = rows.map((row) => ({ ...row, reward: 1.5, p0: 0.25 }));
  const bandit = { task: "bandit", metrics: ["snips"], columns: { label: "reward", propensity: "p0" } } as const;

  test("reads logged decisions: the reward, the logged probability and each arm's own", async () => {
    const { table, problems } = await ask({ "candidate.jsonl": logged, "baseline.jsonl": logged.toReversed() }, bandit);
    expect(problems).toEqual([]);
    expect(table).toMatchObject({
      truth: [1.5, 1.5, 1.5],
      propensity: [0.25, 0.25, 0.25],
      candidate: { score: [0.9, 0.2, 0.6], predicted: null },
    });
  });

  test.each([
    ["a logged probability of 0", { p0: 0 }, "propensity-out-of-range"],
    ["a logged probability above 1", { p0: 1.2 }, "propensity-out-of-range"],
    ["a missing logged probability", { p0: null }, "propensity-missing"],
    ["a version's probability above 1", { score: 1.2 }, "probability-out-of-range"],
    ["a reward that is no number", { reward: "bought" }, "label-not-numeric"],
  ])("refuses logged decisions with %s", async (_what, cell, code) => {
    const wrong = logged.map((row, index) => (index === 0 ? { ...row, ...cell } : row));
    const { table, problems } = await ask({ "candidate.jsonl": wrong, "baseline.jsonl": wrong }, bandit);
    expect([table, problems.map((problem) => problem.code)]).toEqual([null, [code]]);
  });

  test("refuses logged decisions of which the arms' files say two logged probabilities", async () => {
    const other = logged.map((row) => ({ ...row, p0: 0.5 }));
    const { problems } = await ask({ "candidate.jsonl": logged, "baseline.jsonl": other }, bandit);
    expect(problems.map(({ code }) => code)).toEqual(["propensity-varies-within-row"]);
  });

  test("measures the candidate alone where the baseline's predictions are missing", async () => {
    const { table, problems } = await ask({ "candidate.jsonl": rows }, { baseline: [fileIn(folder, "nowhere.jsonl")] });
    expect(problems.map(({ code, verdict }) => [code, verdict])).toEqual([["predictions-missing", "no-data"]]);
    expect([table?.rows, table?.baseline]).toEqual([3, null]);
  });
});
