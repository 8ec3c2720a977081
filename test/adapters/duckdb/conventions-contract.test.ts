import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ScoringAnswer } from "#domain/evaluation/scored-table.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { metric, scoringRequest } from "#test/support/scoring-request.ts";
import { bothEngines } from "./both-engines.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "conventions-contract-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const engines = bothEngines(() => folder);

test("DuckDB and the fake agree on every convention of gain and ties", async () => {
  const items = ["a", "b", "c", "d", "é", "zz"];
  const tied = ["q1", "q2", "q3", "q4"].flatMap((query_id, q) =>
    items.map((item_id, i) => ({ query_id, item_id, score: (i * (q + 1)) % 3 })),
  );
  const graded = ["q1", "q2", "q3", "q4"].flatMap((query_id, q) =>
    items.slice(0, 4).map((item_id, i) => ({ query_id, item_id, label: ((i + q) % 4) - 1 })),
  );
  const files = { "candidate.jsonl": tied, "baseline.jsonl": tied.map((row) => ({ ...row, score: -row.score })), "labels.jsonl": graded };
  const orders = ["id_desc", "id_asc", "average", "worst"] as const;
  const metrics = orders.flatMap((ties) => [
    ...(["linear", "exp2", "binary", { 1: 1, 2: 1.5, 3: 7 }] as const).flatMap((gain) => [
      metric("ndcg@3", { gain, ties }),
      metric("ndcg", { gain, ties, ideal: "retrieved", scores: "float32" }),
      metric("dcg@2", { gain, ties, level: "everywhere", minRel: 2 }),
    ]),
    metric("ndcg@3", { gain: "binary", ideal: "full_k", ties }),
    ...["recall@2", "recall_capped@2", "precision@4", "f1@3", "r_precision"].map((name) => metric(name, { ties, minRel: 2 })),
    metric("precision@9", { ties, divisor: "listed", noRelevant: "zero" }),
    ...["ndcg@3", "recall@2", "precision@3", "r_precision"].map((name) => metric(name, { ties, unjudged: "skip" })),
    metric("precision@9", { ties, divisor: "listed", unjudged: "skip", scores: "float32" }),
    metric("judged@3", { ties }),
    metric("judged@8", { ties, divisor: "k" }),
    metric("rbp", { ties, p: 0.95 }),
    metric("rbp@3", { ties, gain: "linear" }),
    metric("rbp_residual@4", { ties }),
    ...(ties === "average"
      ? []
      : [
          ...["mrr", "mrr@1", "hit_rate@1", "map", "map@3", "bpref", "err", "err@2"].map((name) =>
            metric(name, { ties, missing: "intersect" }),
          ),
          ...["mrr", "mrr@2", "map@2", "err", "hit_rate@1"].map((name) => metric(name, { ties, unjudged: "skip" })),
          metric("mrr", { ties, scores: "float32", noRelevant: "one" }),
          metric("map@2", { ties, divisor: "capped", minRel: 2 }),
          metric("map@2", { ties, divisor: "k" }),
        ]),
  ]);
  metrics.push(metric("gauc"), metric("gauc", { weight: "relevant", minRel: 2, scores: "float32" }));
  // As many at once as a model may name: one query joins the aggregates of all of them, and this engine has 256 MB.
  const atOnce = 50;
  for (let from = 0; from < metrics.length; from += atOnce) {
    const request = scoringRequest(folder, { metrics: metrics.slice(from, from + atOnce) });
    const [fake, duckdb] = await Promise.all(Object.values(engines).map((build) => build(files).score(request)));
    expect(duckdb?.problems).toEqual([]);
    expect(metricValues(duckdb)).toEqual(metricValues(fake));
    expect(duckdb?.table?.facts).toEqual(fake?.table?.facts);
  }
});

test("DuckDB and the fake agree on values, and on clicks that count by how likely they could be seen", async () => {
  const items = ["a", "b", "c", "d", "é", "zz"];
  const each = ["q1", "q2", "q3", "q4"].flatMap((query_id, q) => items.map((item_id, i) => ({ query_id, item_id, q, i })));
  const tied = each.map(({ query_id, item_id, q, i }) => ({ query_id, item_id, score: (i * (q + 1)) % 3 }));
  const labels = each
    .filter(({ i }) => i < 5)
    .map(({ query_id, item_id, q, i }) => ({
      query_id,
      item_id,
      label: ((i + q) % 4) - 1,
      revenue: ((i * 7 + q * 3) % 11) - 4.25,
      margin: q === 3 ? 0 : 10 ** (i - 2),
      seen: 1 / (1 + ((i * 5 + q) % 9)),
      place: 1 + ((i + 2 * q) % 5),
    }));
  const files = { "candidate.jsonl": tied, "baseline.jsonl": tied.map((row) => ({ ...row, score: -row.score })), "labels.jsonl": labels };
  const metrics = (["id_desc", "id_asc", "average"] as const).flatMap((ties) => [
    ...(["none", "log2"] as const).flatMap((discount) => [
      metric("value@2", { column: "revenue", discount, ties }),
      metric("value@3", { column: "revenue", discount, ties, ideal: "judged" }),
      metric("value@3", { column: "margin", discount, ties, minRel: 2, clicks: "ips", clip: 4 }),
      metric("value@2", { column: "margin", discount, ties, clicks: "ips", ideal: "judged" }),
    ]),
    metric("recall@2", { ties, clicks: "ips" }),
    metric("recall@2", { ties, clicks: "ips", clip: 3, minRel: 2 }),
    ...(["linear", "exp2", { 1: 1, 2: 1.5 }] as const).map((gain) => metric("dcg@3", { ties, gain, clicks: "ips", clip: 5.5 })),
    ...(ties === "average"
      ? []
      : ["hit_rate@2", "mrr", "mrr@2"].flatMap((name) => [
          metric(name, { ties, clicks: "ips" }),
          metric(name, { ties, clicks: "ips", clip: 2, noRelevant: "zero" }),
        ])),
  ]);
  const columns = scoringRequest(folder).columns;
  const readings: readonly Partial<ScoringRequest>[] = [
    { columns: { ...columns, propensity: "seen" } },
    { columns: { ...columns, position: "place" }, clicks: { positionCurve: [1, 0.5, 0.3, 0.2, 0.05] } },
    { columns: { ...columns, position: "place" }, clicks: { positionCurve: { power: 0.7 } } },
  ];
  for (const reading of readings) {
    const request = scoringRequest(folder, { metrics, ...reading });
    const [fake, duckdb] = await Promise.all(Object.values(engines).map((build) => build(files).score(request)));
    expect(duckdb?.problems).toEqual([]);
    expect(metricValues(duckdb)).toEqual(metricValues(fake));
    const besides = (answer: ScoringAnswer | undefined) =>
      answer?.table?.metrics.map((scored) => scored.kind === "scored" && [rounded(scored.weights ?? null), scored.counts]);
    expect(besides(duckdb)).toEqual(besides(fake));
  }
});

test("DuckDB and the fake agree on exact neighbours, and on how alike the arms are", async () => {
  const items = ["a", "b", "c", "d", "é", "zz"];
  const each = ["q1", "q2", "q3"].flatMap((query_id, q) => items.map((item_id, i) => ({ query_id, item_id, q, i })));
  const tied = each.map(({ query_id, item_id, q, i }) => ({ query_id, item_id, score: (i * (q + 1)) % 3 }));
  const files = {
    "candidate.jsonl": [...tied, { query_id: "q4", item_id: "a", score: 1 }],
    "baseline.jsonl": [
      ...tied.filter(({ item_id }) => item_id !== "b").map((row) => ({ ...row, score: row.score === 1 ? 3 : row.score })),
      { query_id: "q4", item_id: "a", score: 7 },
      { query_id: "q5", item_id: "a", score: 7 },
    ],
    "labels.jsonl": [
      ...each
        .filter(({ i }) => i < 5)
        .map(({ query_id, item_id, q, i }) => ({ query_id, item_id, place: (i * 3 + q) % 5, far: (i + q) % 3 })),
      { query_id: "q4", item_id: "a", place: 0, far: 0.5 },
      { query_id: "q5", item_id: "a", place: 0, far: 0.5 },
    ],
  };
  const metrics = (["id_desc", "id_asc"] as const).flatMap((ties) => [
    ...(["first", "within"] as const).flatMap((neighbours) => [
      metric("neighbour_recall@1", { ties, neighbours }),
      metric("neighbour_recall@3", { ties, neighbours, divisor: "capped" }),
    ]),
    ...["overlap@1", "overlap@3", "overlap@9", "kendall_tau@1", "kendall_tau@3", "kendall_tau@9"].map((name) => metric(name, { ties })),
    metric("overlap@2", { ties, scores: "float32", missing: "intersect" }),
    metric("recall@2", { ties }),
    metric("mrr", { ties }),
  ]);
  const columns = { ...scoringRequest(folder).columns, rank: "place", distance: "far" };
  for (const baseline of [scoringRequest(folder).baseline, null]) {
    const request = scoringRequest(folder, { task: "retrieval", metrics, columns, baseline });
    const [fake, duckdb] = await Promise.all(Object.values(engines).map((build) => build(files).score(request)));
    expect(duckdb?.problems).toEqual([]);
    expect(metricValues(duckdb)).toEqual(metricValues(fake));
    expect(duckdb?.table?.facts).toEqual(fake?.table?.facts);
  }
});

function metricValues(answer: ScoringAnswer | undefined): unknown {
  // What could not be measured may stand anywhere.
  return answer?.table?.metrics
    .toSorted((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0))
    .map((scored) => [scored.metric.name, scored.kind === "scored" && [rounded(scored.candidate), rounded(scored.baseline)]]);
}

function rounded(values: readonly (number | null)[] | null): readonly (number | null)[] | null {
  return values === null ? null : values.map((value) => (value === null ? null : Number(value.toFixed(6))));
}
