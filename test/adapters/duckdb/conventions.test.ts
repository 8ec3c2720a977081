import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { measurementsOf } from "#domain/evaluation/measurements.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { ScoringAnswer } from "#domain/evaluation/scored-table.ts";
import { unitsOf } from "#domain/evaluation/unit-table.ts";
import { fileIn, metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "conventions-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Lists = Readonly<Record<string, Readonly<Record<string, number>>>>;

function score(metrics: readonly Metric[], labels: Lists, candidate: Lists, baseline: Lists | null = null): Promise<ScoringAnswer> {
  const write = (name: string, column: string, lists: Lists): void => {
    const rows = Object.entries(lists).flatMap(([q, items]) => Object.entries(items).map(([d, value]) => `${q},${d},${value}`));
    writeFileSync(join(folder, name), [`query_id,item_id,${column}`, ...rows].join("\n"));
  };
  write("labels.csv", "label", labels);
  write("candidate.csv", "score", candidate);
  if (baseline !== null) write("baseline.csv", "score", baseline);
  const engine = duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
  return engine.score(
    scoringRequest(folder, {
      candidate: [fileIn(folder, "candidate.csv")],
      baseline: baseline === null ? null : [fileIn(folder, "baseline.csv")],
      labels: [fileIn(folder, "labels.csv")],
      metrics,
    }),
  );
}

function measured(answer: ScoringAnswer) {
  const units = answer.table === null ? null : unitsOf(answer.table, "made");
  if (units?.kind !== "units") throw new Error(JSON.stringify(answer.problems));
  return measurementsOf(units.table, "made", "no-baseline");
}

const run = { q1: { a: 3, b: 2, c: 1 }, q2: { a: 3, b: 2, c: 1 } };

describe("what a convention calls an error", () => {
  test.each([
    ["a label that a gain map lacks", metric("ndcg@2", { gain: { 1: 1 } }), { q1: { a: 1 }, q2: { b: 2 } }, "gain-not-mapped", '"q2"'],
    ["a label above the best grade", metric("err", { maxGrade: 2 }), { q1: { a: 3 } }, "label-above-max-grade", "maxGrade"],
    ["a gain that no sum can hold", metric("dcg@2", { gain: "exp2" }), { q1: { a: 60 } }, "label-too-large", "60"],
    [
      "a query without a relevant item",
      metric("mrr", { noRelevant: "error" }),
      { q1: { a: 1 }, q2: { a: 0 } },
      "unit-without-relevant",
      '"q2"',
    ],
    ["a query that the predictions lack", metric("mrr", { missing: "error" }), { q1: { a: 1 }, q3: { a: 1 } }, "queries-missing", '"q3"'],
  ])("%s", async (_name, own, labels, code, mention) => {
    const { table, problems } = await score([own], labels, run);
    expect(table).toBeNull();
    expect(problems).toMatchObject([{ code, verdict: "error" }]);
    expect(problems[0]?.message).toContain(mention);
    expect((await score([metric("precision@2")], labels, run)).problems).toEqual([]);
  });
});

describe("queries that an arm lacks", () => {
  const labels = { q1: { a: 1 }, q2: { b: 1 }, q3: { c: 0 } };
  const metrics = [metric("mrr"), metric("mrr", { missing: "intersect" }), metric("mrr", { missing: "intersect", noRelevant: "zero" })];

  test("count 0, or are left out of both arms and counted", async () => {
    const [zero, intersect, counted] = measured(await score(metrics, labels, { q1: run.q1, q3: run.q1 }, { ...run, q3: run.q1 }));
    expect(zero).toMatchObject({ units: 2, excluded: { noRelevant: 1 }, candidate: { value: 0.5 }, baseline: { value: 0.75 } });
    expect(intersect).toMatchObject({ units: 1, excluded: { noRelevant: 1, missing: 1 }, candidate: { value: 1 }, baseline: { value: 1 } });
    expect(counted).toMatchObject({ units: 2, excluded: { noRelevant: 0, missing: 1 }, candidate: { value: 0.5 } });
  });
});

describe("grouped AUC", () => {
  // q1: both relevant items above the irrelevant one but for a tie; q2: upside down, three judged; q3: one class.
  const labels = { q1: { a: 1, b: 1, c: 0, d: 0 }, q2: { a: 0, b: 1 }, q3: { a: 1 } };
  const candidate = { q1: { a: 9, b: 5, c: 5, d: 1 }, q2: { a: 2, b: 1 }, q3: { a: 1 } };

  test("weighs each unit by its judged items, and drops and counts units of one class", async () => {
    const [impressions, relevant, equal] = measured(
      await score([metric("gauc"), metric("gauc", { weight: "relevant" }), metric("gauc", { weight: "equal" })], labels, candidate),
    );
    expect(impressions).toMatchObject({ units: 2, excluded: { oneClass: 1 }, candidate: { value: (0.875 * 4) / 6 } });
    expect(relevant?.candidate.value).toBeCloseTo((0.875 * 2) / 3, 12);
    expect(equal?.candidate.value).toBeCloseTo(0.875 / 2, 12);
  });

  test("puts judged items that an arm does not list below all others, and scores a query that it lacks 0", async () => {
    const [short] = measured(await score([metric("gauc", { weight: "equal" })], labels, { q1: { a: 9 }, q3: { a: 1 } }));
    // a beats c and d; b, c and d stand together: 1 + 1 + 1/2 + 1/2 of 4 pairs.
    expect(short?.candidate.value).toBeCloseTo(0.75 / 2, 12);
  });
});

test("the residual of RBP is p^k when k places are judged, and grows with every unjudged one", async () => {
  const full = await score(
    [metric("rbp_residual@3"), metric("rbp_residual@2"), metric("rbp@3")],
    { q1: { a: 1, b: 0, c: 1 } },
    { q1: run.q1 },
  );
  const [three, two, rbp] = measured(full).map(({ candidate }) => candidate.value ?? Number.NaN);
  expect(three).toBeCloseTo(0.8 ** 3, 12);
  expect(two).toBeCloseTo(0.8 ** 2, 12);
  expect(rbp).toBeCloseTo(0.2 * (1 + 0.8 ** 2), 12);
  const [sparse] = measured(await score([metric("rbp_residual@3")], { q1: { a: 1, c: 1 } }, { q1: run.q1 }));
  expect(sparse?.candidate.value).toBeCloseTo(0.8 ** 3 + 0.2 * 0.8, 12);
});

test("a list of k relevant places has nDCG exactly 1 with ideal full_k; fewer relevant items cannot reach it", async () => {
  const metrics = [metric("ndcg@2", { gain: "binary", ideal: "full_k" }), metric("ndcg@3", { gain: "binary", ideal: "full_k" })];
  const [two, three] = measured(await score(metrics, { q1: { a: 1, b: 1 } }, { q1: run.q1 }));
  expect(two?.candidate.value).toBe(1);
  expect(three?.candidate.value).toBeCloseTo((1 + 1 / Math.log2(3)) / (1 + 1 / Math.log2(3) + 0.5), 12);
});
