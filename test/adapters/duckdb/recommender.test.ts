import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { assembleReport } from "#domain/evaluation/assemble-report.ts";
import type { ItemLists, ScoringAnswer } from "#domain/evaluation/scored-table.ts";
import type { GateRule } from "#domain/gate/gate.ts";
import type { EvaluationEngine, ScoringRequest } from "#ports/evaluation-engine.ts";
import { evaluationEngineFake, type Row } from "#test/support/fakes/evaluation-engine.ts";
import { gates, header } from "#test/support/report-request.ts";
import { fileIn, metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "recommender-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, readonly Row[]>>;

const engines: Readonly<Record<string, (files: Files) => EvaluationEngine>> = {
  "the fake": (files) => evaluationEngineFake({ files: new Map(Object.entries(files).map(([name, rows]) => [join(folder, name), rows])) }),
  DuckDB: (files) => {
    for (const [name, rows] of Object.entries(files))
      writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
  },
};

const queries = Array.from({ length: 40 }, (_, query) => `q${String(query).padStart(2, "0")}`);
/** Each query lists five of twenty items, one of which (x) the catalogue lacks; the baseline always lists the same. */
const itemAt = (query: number, place: number): string => (query === 3 && place === 1 ? "x" : `i${(query * 3 + place * 7) % 20}`);
const listed = (item: (query: number, place: number) => string): readonly Row[] =>
  queries.flatMap((query_id, query) => [0, 1, 2, 3, 4].map((place) => ({ query_id, item_id: item(query, place), score: -place })));
const files: Files = {
  "candidate.jsonl": listed(itemAt),
  "baseline.jsonl": listed((_, place) => `i${place}`),
  "labels.jsonl": queries.flatMap((query_id, query) => [
    { query_id, item_id: itemAt(query, 1), label: 1, half: query % 2 === 0 ? "even" : "odd" },
    { query_id, item_id: "i0" === itemAt(query, 1) ? "i1" : "i0", label: query % 3, half: query % 2 === 0 ? "even" : "odd" },
  ]),
  "items.jsonl": Array.from({ length: 20 }, (_, item) => ({
    item_id: `i${item}`,
    popularity: item === 7 ? null : item === 8 ? 0 : (item * item) % 13,
    category: item === 9 ? null : `c${item % 4}`,
    provider: item % 5 === 0 ? "acme" : "other",
    vector: item === 2 ? "[0, 0, 0]" : item === 11 ? null : `[${item % 3}, ${item % 2}.5, -${item}]`,
  })),
};
const metrics = [
  ...["coverage@3", "gini@3", "entropy@3", "personalisation@3", "arp@3", "serendipity@3", "ild@3", "mcc@3", "partial_auc@3", "pap@2"].map(
    (name) => metric(name),
  ),
  metric("arp@5", { scale: "log1p", unseen: "skip" }),
  metric("arp@2", { scale: "of_most_popular", ties: "id_asc", scores: "float32" }),
  metric("novelty@3", { users: 40 }),
  metric("novelty@5", { users: 40, unseen: "one" }),
  metric("novelty@5", { users: 40, unseen: "skip" }),
  metric("serendipity@5", { noRelevant: "zero", minRel: 2 }),
  metric("ild@5", { distance: "hamming", column: "vector" }),
  metric("ild@5", { distance: "euclidean", column: "vector" }),
  metric("ild@5", { distance: "cosine", column: "vector" }),
  metric("exposure@5", { items: { provider: "acme" } }),
  metric("exposure@3", { items: { provider: "acme" }, discount: "log2" }),
  metric("precision@3", { divisor: "capped" }),
  ...["recall@3", "ndcg@3", "mrr", "hit_rate@2", "map"].map((name) => metric(name, { items: { provider: "acme" } })),
  metric("ndcg@3", { items: { category: "c1" }, gain: "exp2", ties: "average" }),
  metric("recall@3", { items: { provider: "nobody" } }),
  metric("partial_auc@2", { ties: "worst" }),
  metric("coverage@3", { over: "taken_only" }),
  metric("gini@5", { over: "recommended_only", divisor: "items" }),
  metric("personalisation@5", { similarity: "overlap" }),
].map((own, index) => ({ ...own, name: `${own.name}#${index}` }));

const request = (over: Partial<ScoringRequest> = {}): ScoringRequest =>
  scoringRequest(folder, { metrics, items: [fileIn(folder, "items.jsonl")], slices: ["half"], ...over });

function rounded(answer: ScoringAnswer): unknown {
  return answer.table?.metrics.map((scored) => {
    const round = (values: readonly (number | null)[] | null) => values?.map((value) => (value === null ? null : Number(value.toFixed(9))));
    if (scored.kind === "scored") return [scored.metric.name, round(scored.candidate), round(scored.baseline)];
    if (scored.kind === "unmeasurable") return scored.kind;
    const k = scored.metric.k ?? 0;
    const tops = (lists: ItemLists | null) =>
      lists && Array.from(lists.starts.subarray(1)).map((end, row) => [...lists.items.subarray(lists.starts[row], end)].slice(0, k));
    return [scored.metric.name, tops(scored.candidate), tops(scored.baseline), scored.catalogue];
  });
}

test("DuckDB and the definitions in plain TypeScript agree on every metric beyond accuracy", async () => {
  const [fake, duckdb] = await Promise.all(Object.values(engines).map((build) => build(files).score(request())));
  expect(duckdb?.problems).toEqual([]);
  expect(rounded(duckdb ?? { table: null, problems: [] })).toEqual(rounded(fake ?? { table: null, problems: [] }));
  expect(duckdb?.table?.facts).toEqual(fake?.table?.facts);
});

const engine = (own: Files): EvaluationEngine => engines["DuckDB"]?.(own) ?? evaluationEngineFake({ files: new Map() });
const reportOf = (answer: ScoringAnswer, ...rules: readonly GateRule[]) =>
  assembleReport({ header, answer, gates: gates(...rules), identical: "refused" });
const measured = async (over: Partial<ScoringRequest> = {}, own: Files = files) =>
  reportOf(await engine({ ...files, ...own }).score(request(over)));

describe("a corpus metric", () => {
  const own = { metrics: [metric("coverage@3"), metric("personalisation@3"), metric("gini@3")] };

  test("counts the catalogue, the same for both arms, and has no interval", async () => {
    const { measurements } = await measured(own);
    const [coverage, personalisation] = measurements.filter(({ slice }) => slice === null);
    // The baseline shows i0, i1 and i2 to everybody.
    expect(coverage).toMatchObject({ units: 40, baseline: { value: 3 / 20, lower: null, why: { lower: "census" } } });
    expect(coverage?.difference).toMatchObject({ method: "census", lower: null, why: { lower: "census" } });
    expect(coverage?.difference?.value).toBeCloseTo((coverage?.candidate.value ?? Number.NaN) - 3 / 20, 12);
    expect(personalisation?.baseline?.value).toBe(0);
  });

  test("is counted anew for every slice of units", async () => {
    const { measurements } = await measured(own);
    const values = measurements
      .filter(({ metric: name }) => name === "coverage@3")
      .map(({ candidate, slice, units }) => [slice, units, candidate.value]);
    const shown = (keep: (query: number) => boolean): number => {
      const items = queries.flatMap((_, query) => (keep(query) ? [0, 1, 2].map((place) => itemAt(query, place)) : []));
      return new Set(items.filter((item) => item !== "x")).size / 20;
    };
    expect(values).toEqual([
      [null, 40, shown(() => true)],
      [{ half: "even" }, 20, shown((query) => query % 2 === 0)],
      [{ half: "odd" }, 20, shown((query) => query % 2 === 1)],
    ]);
  });

  test("is judged by its value where a gate bounds it, and cannot be compared", async () => {
    const answer = await engine(files).score(request(own));
    const { gates: judged } = reportOf(
      answer,
      { metric: "coverage@3", atLeast: 0.9 },
      { metric: "coverage@3", atMost: 0.2 },
      { metric: "gini@3", noWorseThan: "2%" },
    );
    expect(judged.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ["pass", "within-bounds"],
      ["fail", "out-of-bounds"],
      ["error", "census-cannot-compare"],
    ]);
  });

  test("counts a unit once, however many queries it has, and its lists together", async () => {
    const labels = (files["labels.jsonl"] ?? []).map((row) => ({
      ...row,
      user: Number(String(row["query_id"]).slice(1)) < 39 ? "a" : "b",
    }));
    const columns = { ...request().columns, unit: "user" };
    const over = { metrics: [metric("gini@3", { over: "recommended_only" }), metric("personalisation@3")], columns, slices: [] };
    const { measurements } = await measured(over, { ...files, "labels.jsonl": labels });
    expect(measurements.map(({ units }) => units)).toEqual([2, 2]);
    // Both users see i0, i1 and i2 once in each of their queries: a third of each one's exposure.
    expect(measurements.map(({ baseline }) => baseline?.value)).toEqual([0, 0]);
    const ofA = new Set(queries.slice(0, 39).flatMap((_, query) => [0, 1, 2].map((place) => itemAt(query, place))));
    const ofB = new Set([0, 1, 2].map((place) => itemAt(39, place)));
    expect(measurements[1]?.candidate.value).toBeCloseTo(
      1 - [...ofA].filter((item) => ofB.has(item)).length / new Set([...ofA, ...ofB]).size,
      12,
    );
  });
});

test("popularity, novelty, diversity and exposure have paired intervals as any metric", async () => {
  const own = [metric("arp@3"), metric("novelty@3", { users: 40 }), metric("ild@3"), metric("exposure@3", { items: { provider: "acme" } })];
  const { measurements } = await measured({ metrics: own, slices: [] });
  for (const { difference } of measurements) {
    expect(difference?.method).toBe("paired-t");
    expect(difference?.lower).toBeLessThan(difference?.upper ?? Number.NaN);
  }
});

test("a query that one arm lacks is left out of both where its absence would look like a good value", async () => {
  const less = (files["candidate.jsonl"] ?? []).filter(({ query_id }) => query_id !== "q05");
  const own = { metrics: [metric("arp@3"), metric("coverage@3"), metric("ild@3")], slices: [] };
  const { measurements } = await measured(own, { ...files, "candidate.jsonl": less });
  expect(measurements.map(({ units, excluded }) => [units, excluded["missing"]])).toEqual([
    [39, 1],
    [39, 1],
    [40, undefined],
  ]);
});

test("performance for a provider counts its relevant items alone, at the places that they have in the whole list", async () => {
  const acme = { items: { provider: "acme" } };
  const world: Files = {
    "candidate.jsonl": ["i1", "i0", "i5", "i2"].map((item_id, place) => ({ query_id: "q1", item_id, score: -place })),
    "baseline.jsonl": ["i5", "i1", "i2", "i0"].map((item_id, place) => ({ query_id: "q1", item_id, score: -place })),
    "labels.jsonl": [
      ...["i0", "i5", "i10", "i1"].map((item_id) => ({ query_id: "q1", item_id, label: 1 })),
      { query_id: "q2", item_id: "i1", label: 1 },
    ],
    "items.jsonl": files["items.jsonl"] ?? [],
  };
  const own = ["recall@2", "mrr", "precision@2"].map((name) => metric(name, acme));
  const { table } = await engine(world).score(request({ metrics: [...own, metric("recall@2")], slices: [] }));
  // q2 has nothing relevant of acme's, and no list at all.
  expect(table?.metrics.map((scored) => scored.kind === "scored" && [scored.candidate, scored.baseline])).toEqual([
    [
      [1 / 3, null],
      [1 / 3, null],
    ],
    [
      [1 / 2, null],
      [1, null],
    ],
    [
      [1 / 2, null],
      [1 / 2, null],
    ],
    [
      [2 / 4, 0],
      [2 / 4, 0],
    ],
  ]);
});

describe("a catalogue", () => {
  const items = files["items.jsonl"] ?? [];
  const change = (item: string, with_: Row): Files => ({
    ...files,
    "items.jsonl": items.map((row) => (row["item_id"] === item ? { ...row, ...with_ } : row)),
  });
  const arp = metric("arp@3");
  const cosine = metric("ild@3", { distance: "cosine", column: "vector" });
  test.each([
    ["is not there", "catalogue-missing", "arp@3", files, arp, { items: undefined }],
    ["lacks the column", "column-missing", 'no column "orders"', files, metric("arp@3", { column: "orders" }), {}],
    ["has an item twice", "duplicate-items", '"i3" has 2', { ...files, "items.jsonl": [...items, ...items.slice(3, 4)] }, arp, {}],
    ["has an item without an id", "identifier-missing", "1 rows", change("i3", { item_id: null }), arp, {}],
    ["has text as popularity", "item-value-not-numeric", '"many" at item_id = "i3"', change("i3", { popularity: "many" }), arp, {}],
    ["has an infinite popularity", "item-value-not-finite", "i3", change("i3", { popularity: "inf" }), arp, {}],
    ["has a popularity below 0", "item-value-negative", '-1 for item_id = "i3"', change("i3", { popularity: -1 }), arp, {}],
    ["has more users of an item than users", "popularity-above-users", "12", files, metric("novelty@3", { users: 11 }), {}],
    ["has text as vector", "item-vector-invalid", '"red" for item_id = "i3"', change("i3", { vector: "red" }), cosine, {}],
    ["has a vector with a gap", "item-vector-invalid", "[1, null, 2]", change("i3", { vector: "[1, null, 2]" }), cosine, {}],
    ["has vectors of two lengths", "item-vectors-differ", "from 2 to 3", change("i3", { vector: "[1, 2]" }), cosine, {}],
  ] as const)("that %s is an error: %s", async (_name, code, mention, own, asked, over) => {
    const { items: given, ...rest } = request({ metrics: [asked], slices: [] });
    const { table, problems } = await engine(own).score({ ...rest, ...("items" in over ? {} : given !== undefined && { items: given }) });
    expect(table).toBeNull();
    expect(problems.map((problem) => [problem.code, problem.verdict])).toEqual([[code, "error"]]);
    expect(problems[0]?.message).toContain(mention);
  });

  test("tells groups and columns apart that differ only in the case of letters", async () => {
    const own = items.map((row) => ({ ...row, provider: row["provider"] === "acme" ? "Acme" : "acme" }));
    const metrics = ["Acme", "acme"].map((provider) => ({ ...metric("exposure@3", { items: { provider } }), name: provider }));
    const { measurements } = await measured({ metrics, slices: [] }, { ...files, "items.jsonl": own });
    const [upper = Number.NaN, lower = Number.NaN] = measurements.map(({ baseline }) => baseline?.value ?? Number.NaN);
    // The baseline shows i0, i1 and i2, of which i0 is Acme's.
    expect([upper, lower]).toEqual([expect.closeTo(1 / 3, 12), expect.closeTo(2 / 3, 12)]);
  });

  test("is not opened when no metric reads it", async () => {
    const { problems } = await engine({ ...files, "items.jsonl": [{ item_id: "i1" }, { item_id: "i1" }] }).score(
      request({ metrics: [metric("recall@3"), metric("personalisation@3")], slices: [] }),
    );
    expect(problems).toEqual([]);
  });

  test("of other items wants a look", async () => {
    const renamed = items.map((row) => ({ ...row, item_id: `other ${row["item_id"]}` }));
    const finding = async (own: Files) =>
      (await measured({ metrics: [arp], slices: [] }, own)).preflight.find(({ code }) => code === "items-not-described");
    expect(await finding(files)).toMatchObject({ verdict: "pass" });
    expect(await finding({ ...files, "items.jsonl": renamed })).toMatchObject({
      verdict: "inconclusive",
      message: expect.stringContaining("100% of the candidate's first 3 places"),
    });
  });
});
