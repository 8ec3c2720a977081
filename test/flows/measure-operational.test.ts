import { describe, expect, test } from "vitest";
import type { Measurement, Report } from "#domain/evaluation/report.ts";
import { modelNameSchema } from "#domain/model/names.ts";
import { evaluateModel } from "#flows/evaluate-model.ts";
import { type MadeBenchmark, madeBenchmark } from "#test/support/benchmark.ts";
import { evaluationEngineFake, type Row } from "#test/support/fakes/evaluation-engine.ts";
import { fakeWorkspace } from "#test/support/fakes/workspace.ts";
import { digestOf, modelYaml } from "#test/support/ranker-repository.ts";
import { unexplainedNulls } from "#test/support/unexplained-nulls.ts";

const ranker = modelNameSchema.parse("search-ranker");
const folder = "models/search-ranker";

type Setting = {
  readonly benchmark?: readonly Row[] | null;
  readonly gates?: readonly string[];
  readonly metrics?: string;
  readonly declared?: boolean;
  readonly cells?: (query: number, arm: string) => Row;
};

const rowsOf = (arm: string, cells: Setting["cells"]): readonly Row[] =>
  Array.from({ length: 40 }, (_, query) => ({
    query_id: `${query}`,
    document_id: "a",
    score: arm === "bm25" ? 1 : 2,
    grade: 1,
    length: "short",
    ...cells?.(query, arm),
  }));

/** The default branch has the cosine ranker, the head proposes bm25. */
async function reported({
  benchmark,
  gates = ["{metric: ndcg@10, atLeast: 0}"],
  metrics = "latency_p90_ms",
  declared = benchmark !== undefined,
  cells,
}: Setting): Promise<Report> {
  const evaluation = { metrics: `[ndcg@10, ${metrics}]`, ...(declared && { benchmark: "bench/{version}.csv" }) };
  const written = (version: "bm25" | "cosine"): string => modelYaml({ version, evaluation, gates });
  const trusted = {
    [`${folder}/model.yaml`]: written("cosine"),
    "data/labels.csv": "labels",
    [`${folder}/predictions/cosine.csv`]: "cosine",
    "datasets/cranfield.yaml": "v: 1\n",
  };
  const head = {
    [`${folder}/model.yaml`]: written("bm25"),
    [`${folder}/predictions/bm25.csv`]: "bm25",
    ...(benchmark && { [`${folder}/bench/bm25.csv`]: "bench" }),
  };
  const files = new Map<string, readonly Row[]>([
    ["trusted:data/labels.csv", rowsOf("labels", undefined)],
    [`trusted:${folder}/predictions/cosine.csv`, rowsOf("cosine", cells)],
    [`head:${folder}/predictions/bm25.csv`, rowsOf("bm25", cells)],
    [`head:${folder}/bench/bm25.csv`, benchmark ?? []],
  ]);
  const world = {
    trusted: fakeWorkspace("trusted", trusted),
    head: fakeWorkspace("head", head),
    engine: evaluationEngineFake({ files }),
    app: undefined,
  };
  const outcome = await evaluateModel(world, { model: ranker, folder, run: null, baseline: undefined });
  if (outcome.kind !== "evaluated") throw new Error(JSON.stringify(outcome));
  expect(unexplainedNulls(outcome.report)).toEqual([]);
  return outcome.report;
}

function measured(report: Report, metric: string): Measurement {
  const found = report.measurements.find((known) => known.metric === metric);
  if (found === undefined) throw new Error(`${metric} was not measured: ${JSON.stringify(report.preflight)}`);
  return found;
}

const made = (over: MadeBenchmark = {}): readonly Row[] => madeBenchmark(over);

describe("a latency gate", () => {
  const noWorse = "{metric: latency_p90_ms, noWorseThan: 5%}";

  test("against baseline judges the ratio of the arms over alternating blocks: 5 % worse is a ratio of 1.05", async () => {
    const report = await reported({ benchmark: made({ ratio: 1 }), gates: [noWorse, "{metric: latency_p90_ms, atMost: 100}"] });
    const [compared, bound] = report.gates;
    expect(compared).toMatchObject({
      statistic: "log(candidate / baseline)",
      threshold: Math.log1p(0.05),
      verdict: "pass",
      reason: "within-margin",
      degreesOfFreedom: 29,
    });
    expect(compared?.message).toMatch(
      /^latency_p90_ms is no worse than 5%: candidate \/ baseline is \d\.\d+, 95% interval \[0\.\d+, 1\.\d+\] over 30 pairs of blocks\.$/,
    );
    expect(bound).toMatchObject({ statistic: "candidate", verdict: "pass", lower: null, why: { lower: "census" } });
    const { units, clusters, cluster, convention, logRatio, difference } = measured(report, "latency_p90_ms");
    expect({ units, clusters, cluster, convention }).toEqual({
      units: 3000,
      clusters: 30,
      cluster: "block",
      convention: { quantile: "observed", source: "benchmark", machine: "c7g.xlarge" },
    });
    expect(logRatio).toMatchObject({ value: compared?.value, lower: compared?.lower, method: "mean-log-ratio-of-blocks" });
    expect(difference).toMatchObject({ lower: null, why: { lower: "compared-by-ratio" } });
    expect(report.inputs.benchmark).toEqual({ digest: digestOf("bench"), by: "supplied" });
  });

  test("fails a candidate that is 12 % slower, and proves one that is 12 % faster better", async () => {
    expect((await reported({ benchmark: made({ ratio: 1.12 }), gates: [noWorse] })).gates[0]).toMatchObject({
      verdict: "fail",
      reason: "regression",
    });
    const faster = await reported({
      benchmark: made({ ratio: 0.88 }),
      gates: ["{metric: latency_p90_ms, betterThan: 5%}", "{metric: latency_p90_ms, betterThan: 0, id: any}"],
    });
    expect(faster.gates.map(({ verdict, threshold }) => [verdict, threshold])).toEqual([
      ["pass", Math.log1p(-0.05)],
      ["pass", 0],
    ]);
  });

  const refused: readonly (readonly [string, Setting, string, string])[] = [
    [
      "one arm after the other",
      {
        benchmark: [
          ...made({ turns: [["candidate"]] }),
          ...made({ turns: [["baseline"]] }).map((row) => ({ ...row, block: Number(row["block"]) + 30 })),
        ],
      },
      "no-data",
      "not-interleaved",
    ],
    ["too few blocks", { benchmark: made({ blocks: 29 }) }, "no-data", "not-interleaved"],
    ["too few requests in a block for its quantile", { benchmark: made({ requests: 99 }) }, "no-data", "not-interleaved"],
    ["a benchmark of the candidate alone", { benchmark: made({ turns: [["candidate"]] }) }, "no-data", "not-interleaved"],
    ["latencies of two runs' predictions", { cells: (query) => ({ latency_ms: query }) }, "no-data", "not-interleaved"],
    ["a benchmark that is not there", { benchmark: null, declared: true }, "no-data", "benchmark-missing"],
    ["no latencies anywhere", {}, "no-data", "not-in-the-files"],
    ["a margin in milliseconds", { benchmark: made(), gates: ["{metric: latency_p90_ms, noWorseThan: 2}"] }, "error", "ratio-needs-share"],
  ];
  test.each(refused)("is never passed by %s", async (_, setting, verdict, reason) => {
    const report = await reported({ gates: [noWorse], ...setting });
    expect(report.gates).toMatchObject([{ verdict, reason }]);
  });

  test("with a bound is a census of the predictions' latencies, once a query, by the observed quantile", async () => {
    const report = await reported({
      metrics: "latency_p50_ms",
      gates: ["{metric: latency_p50_ms, atMost: 19}"],
      cells: (query) => ({ latency_ms: query }),
    });
    expect(report.gates).toMatchObject([{ verdict: "pass", value: 19, reason: "within-bounds" }]);
    expect(report.preflight).toContainEqual(expect.objectContaining({ code: "machine-not-named", verdict: "inconclusive" }));
  });

  test("of a column that holds no times names the mistake, and not a baseline that would be missing", async () => {
    const cells = (query: number, arm: string): Row => ({ latency_ms: arm === "cosine" && query === 3 ? "fast" : query });
    const report = await reported({ gates: ["{metric: latency_p50_ms, noWorseThan: 5%}"], metrics: "latency_p50_ms", cells });
    const problem = report.preflight.find(({ verdict }) => verdict === "error");
    expect(report.verdict).toBe("error");
    expect(problem?.message).toContain("latency_ms");
    expect(measured(report, "latency_p50_ms").why).toMatchObject({ baseline: problem?.code, difference: problem?.code });
  });

  test("needs ten requests beyond its quantile even for a bound", async () => {
    const report = await reported({ gates: ["{metric: latency_p90_ms, atMost: 100}"], cells: (query) => ({ latency_ms: query }) });
    expect(report.gates).toMatchObject([{ verdict: "inconclusive", reason: "too-few-requests" }]);
  });
});

describe("sizes and costs", () => {
  const facts = [
    { arm: "candidate", size_bytes: 52_000_000, cost_per_1k: 0.4, machine: "gpu-1" },
    { arm: "baseline", size_bytes: 50_000_000, cost_per_1k: 0.5, machine: "gpu-1" },
  ];

  test("are facts: one number each, compared exactly", async () => {
    const gates = [
      "{metric: size_mb, atMost: 60}",
      "{metric: size_mb, noWorseThan: 3%, id: growth}",
      "{metric: cost_per_1k, betterThan: 10%}",
    ];
    const report = await reported({ benchmark: facts, metrics: "size_mb, cost_per_1k", gates });
    expect(report.gates.map(({ id, verdict, value, lower }) => [id, verdict, value, lower])).toEqual([
      ["size_mb", "pass", 52, null],
      ["growth", "fail", -0.5, -0.5],
      ["cost_per_1k", "pass", expect.closeTo(0.05), expect.closeTo(0.05)],
    ]);
  });

  test("costs of requests are compared by their ratio, as latencies are", async () => {
    const rows = made({ requests: 40 }).map(({ latency_ms, ...row }) => ({ ...row, cost: Number(latency_ms) / 1e6 }));
    const report = await reported({ benchmark: rows, metrics: "cost_per_1k", gates: ["{metric: cost_per_1k, noWorseThan: 10%}"] });
    expect(report.gates).toMatchObject([{ verdict: "pass", statistic: "log(candidate / baseline)" }]);
    expect(measured(report, "cost_per_1k").candidate.value).toBeGreaterThan(0.015);
  });

  test.each([
    ["two sizes of one arm", [...facts, { arm: "candidate", size_bytes: 1 }], "fact-varies"],
    [
      "a request without a latency",
      [
        { arm: "candidate", block: 1, latency_ms: null },
        { arm: "candidate", block: 1, latency_ms: 4 },
      ],
      "latency-missing",
    ],
    ["a negative latency", [{ arm: "candidate", block: 1, latency_ms: -4 }], "latency-negative"],
    [
      "a request of no arm",
      [
        { arm: null, block: 1, latency_ms: 4 },
        { arm: "candidate", block: 1, latency_ms: 4 },
      ],
      "arm-missing",
    ],
    ["text in the place of a latency", [{ arm: "candidate", block: 1, latency_ms: "slow" }], "latency-not-numeric"],
    ["a baseline that is not the live version", [{ arm: "baseline", version: "older", latency_ms: 4 }], "benchmark-of-another-version"],
  ])("are an error with %s", async (_, benchmark, code) => {
    const report = await reported({ benchmark, metrics: "size_mb, latency_p50_ms", gates: ["{metric: size_mb, atMost: 60}"] });
    expect([report.verdict, report.preflight.find(({ verdict }) => verdict === "error")?.code]).toEqual(["error", code]);
  });

  test("rows of other versions are left aside and counted", async () => {
    const benchmark = facts.map(({ arm, ...row }) => ({ ...row, version: arm === "candidate" ? "bm25" : "cosine" }));
    const report = await reported({
      benchmark: [...benchmark, { version: "older", size_bytes: 9, cost_per_1k: 9, machine: "gpu-1" }],
      metrics: "size_bytes",
    });
    expect(measured(report, "size_bytes").candidate.value).toBe(52_000_000);
    expect(report.preflight).toContainEqual(
      expect.objectContaining({ code: "benchmark-rows-of-others", message: expect.stringMatching(/^1 of 3 rows/) }),
    );
  });
});
