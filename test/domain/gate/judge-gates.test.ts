import { describe, expect, test } from "vitest";
import type { JudgedGate } from "#domain/evaluation/report.ts";
import type { ScoredTable } from "#domain/evaluation/scored-table.ts";
import type { GateRule } from "#domain/gate/gate.ts";
import { overallVerdict } from "#domain/gate/judge-gates.ts";
import { around, reportOf, scoredTable } from "#test/support/report-request.ts";
import { metric } from "#test/support/scoring-request.ts";

const n = 100;
const baseline = around(0.5, 0.1, n);
/** The candidate is better by `by` on average; half of the queries more, half less. */
const better = (by: number): ScoredTable =>
  scoredTable({ candidate: baseline.map((value, index) => value + by + (index % 4 < 2 ? 0.01 : -0.01)), baseline });
const judged = (table: ScoredTable, ...rules: readonly GateRule[]): readonly JudgedGate[] => reportOf(table, rules).gates;
const verdictOf = (table: ScoredTable, rule: GateRule): string =>
  judged(table, rule)
    .map(({ verdict, reason }) => `${verdict}: ${reason}`)
    .join("; ");

describe("gates that compare", () => {
  // The difference has a standard error of 0.001005 here: an interval of about ± 0.002.
  test.each([
    [0.005, { noWorseThan: 0 }, "pass: within-margin"],
    [0.001, { noWorseThan: 0 }, "inconclusive: interval-crosses-threshold"],
    [-0.001, { noWorseThan: 0 }, "inconclusive: interval-crosses-threshold"],
    [-0.005, { noWorseThan: 0 }, "fail: regression"],
    [-0.005, { noWorseThan: 0.01 }, "pass: within-margin"],
    [-0.009, { noWorseThan: 0.01 }, "inconclusive: interval-crosses-threshold"],
    [-0.015, { noWorseThan: 0.01 }, "fail: regression"],
    [-0.005, { noWorseThan: "2%" }, "pass: within-margin"],
    [-0.01, { noWorseThan: "2%" }, "inconclusive: interval-crosses-threshold"],
    [-0.015, { noWorseThan: "2%" }, "fail: regression"],
    [0.02, { betterThan: 0.01 }, "pass: improved"],
    [0.01, { betterThan: 0.01 }, "inconclusive: interval-crosses-threshold"],
    [0, { betterThan: 0.01 }, "fail: not-better"],
    [0.02, { betterThan: "2%" }, "pass: improved"],
    [0, { betterThan: "2%" }, "fail: not-better"],
  ])("better by %d against %j: %s", (by, rule, expected) => {
    expect(verdictOf(better(by), { metric: "ndcg@10", ...rule })).toBe(expected);
  });

  test("say their statistic, threshold and power", () => {
    const [relative, absolute] = judged(better(-0.005), { metric: "ndcg@10", noWorseThan: "2%" }, { metric: "ndcg@10", noWorseThan: 0.01 });
    expect(relative).toMatchObject({ statistic: "candidate - 0.98*baseline", threshold: 0, rule: "no worse than 2%" });
    expect(relative?.value).toBeCloseTo(0.005, 12);
    expect(absolute).toMatchObject({ statistic: "candidate - baseline", threshold: -0.01, confidence: 0.95 });
    expect(absolute?.detectable).toBeCloseTo((1.959963984540054 + 0.8416212335729143) * (absolute?.standardError ?? 0), 12);
    expect(absolute?.passIfUnchanged).toBeGreaterThan(0.999);
    expect(absolute?.unitsToSettle).toBeNull();
    expect(absolute?.why).toEqual({ unitsToSettle: "settled" });
  });

  test("say how likely equal quality is to pass: often within a margin, at most by luck beyond the baseline", () => {
    const chance = (rule: Partial<GateRule>) => judged(better(0.005), { metric: "ndcg@10", ...rule })[0]?.passIfUnchanged ?? Number.NaN;
    expect(chance({ noWorseThan: 0.01 })).toBeGreaterThan(0.99);
    expect(chance({ noWorseThan: 0 })).toBeCloseTo(0.025, 12);
    expect(chance({ betterThan: 0 })).toBeCloseTo(0.025, 12);
    expect(chance({ betterThan: 0.002 })).toBeLessThan(0.001);
    expect(chance({ atLeast: 0.4 })).toBeGreaterThan(0.99);
    expect(chance({ atMost: 0.4 })).toBeLessThan(0.001);
    expect(chance({ between: [0.4, 0.6] })).toBeGreaterThan(0.99);
    expect(chance({ between: [0.4, 0.45] })).toBeLessThan(0.001);
  });

  test("that are not settled say how many units would settle them", () => {
    const [gate] = judged(better(-0.009), { metric: "ndcg@10", noWorseThan: 0.01 });
    expect(gate?.verdict).toBe("inconclusive");
    expect(gate?.unitsToSettle).toBeCloseTo(n * ((gate?.detectable ?? 0) / 0.01) ** 2, 9);
    const [hopeless] = judged(better(-0.001), { metric: "ndcg@10", betterThan: 0 });
    expect(hopeless).toMatchObject({
      verdict: "inconclusive",
      unitsToSettle: null,
      why: { unitsToSettle: "no-number-of-units-settles-it" },
    });
  });

  test("turn with the direction of the metric", () => {
    const lower = { ...metric("ndcg@10"), better: "lower" } as const;
    const worse = { ...better(0.02), metrics: better(0.02).metrics.map((scored) => ({ ...scored, metric: lower })) };
    expect(verdictOf(worse, { metric: "ndcg@10", noWorseThan: 0.01 })).toBe("fail: regression");
    expect(verdictOf(worse, { metric: "ndcg@10", noWorseThan: "2%" })).toBe("fail: regression");
    expect(verdictOf(worse, { metric: "ndcg@10", noWorseThan: 0.03 })).toBe("pass: within-margin");
    expect(judged(worse, { metric: "ndcg@10", noWorseThan: "2%" })[0]?.statistic).toBe("1.02*baseline - candidate");
    expect(judged(worse, { metric: "ndcg@10", noWorseThan: 0.01 })[0]?.threshold).toBe(0.01);
    const target = { ...worse, metrics: worse.metrics.map((scored) => ({ ...scored, metric: { ...lower, better: "target" as const } })) };
    expect(verdictOf(target, { metric: "ndcg@10", noWorseThan: 0.01 })).toBe("error: no-direction");
  });

  test("take a share of a negative baseline as a share of its size", () => {
    const negative = scoredTable({
      candidate: around(-0.5, 0.1, n).map((value, index) => value - 0.005 + (index % 4 < 2 ? 0.001 : -0.001)),
      baseline: around(-0.5, 0.1, n),
    });
    const [gate] = judged(negative, { metric: "ndcg@10", noWorseThan: "2%" });
    expect(gate).toMatchObject({ statistic: "candidate - 1.02*baseline", verdict: "pass" });
    expect(gate?.passIfUnchanged).toBeGreaterThan(0.5);
  });

  test("refuse a share of a baseline that may be 0", () => {
    const noise = scoredTable({ candidate: around(0.01, 0.3, n), baseline: around(0, 0.3, n) });
    expect(verdictOf(noise, { metric: "ndcg@10", noWorseThan: "2%" })).toBe("inconclusive: relative-margin-undefined");
    expect(verdictOf(noise, { metric: "ndcg@10", noWorseThan: 0.02 })).not.toContain("undefined");
  });

  test("do not trust few clusters, either way", () => {
    const short = (units: number) => scoredTable({ candidate: around(0.9, 0.01, units), baseline: around(0.5, 0.02, units) });
    expect(verdictOf(short(29), { metric: "ndcg@10", noWorseThan: 0 })).toBe("inconclusive: too-few-clusters");
    expect(verdictOf(short(30), { metric: "ndcg@10", noWorseThan: 0 })).toBe("pass: within-margin");
    expect(verdictOf(short(29), { metric: "ndcg@10", atMost: 0.1 })).toBe("inconclusive: too-few-clusters");
    const clustered = { ...short(100), cluster: { column: "user", values: Array.from({ length: 100 }, (_, index) => `u${index % 20}`) } };
    expect(verdictOf(clustered, { metric: "ndcg@10", noWorseThan: 0 })).toBe("inconclusive: too-few-clusters");
  });
});

describe("differences without variance", () => {
  const same = (units: number): ScoredTable => scoredTable({ candidate: around(0.5, 0.1, units), baseline: around(0.5, 0.1, units) });

  test("when no unit differs, the interval is the rule of three's: too few units settle nothing, many do", () => {
    expect(verdictOf(same(225), { metric: "ndcg@10", noWorseThan: 0.01 })).toBe("inconclusive: no-unit-differs");
    expect(verdictOf(same(1000), { metric: "ndcg@10", noWorseThan: 0.01 })).toBe("pass: within-margin");
    expect(verdictOf(same(1000), { metric: "ndcg@10", noWorseThan: "2%" })).toBe("pass: within-margin");
    const [gate] = judged(same(225), { metric: "ndcg@10", noWorseThan: 0.01 });
    expect(gate).toMatchObject({
      value: 0,
      standardError: null,
      detectable: null,
      why: { standardError: "no-unit-differs", detectable: "no-unit-differs" },
    });
    expect(gate?.upper).toBeCloseTo(1 - 0.025 ** (1 / 225), 12);
  });

  test("one same difference on every unit is an error, whether the margin is absolute or a share of a baseline that varies", () => {
    const shifted = scoredTable({ candidate: baseline.map((value) => value + 0.1), baseline });
    expect(verdictOf(shifted, { metric: "ndcg@10", noWorseThan: 0 })).toBe("error: constant-difference");
    expect(verdictOf(shifted, { metric: "ndcg@10", noWorseThan: "2%" })).toBe("error: constant-difference");
  });

  test("one unit is too few for every rule, not a baseline near 0", () => {
    const one = scoredTable({ candidate: [0.4], baseline: [0.5] });
    for (const rule of [{ noWorseThan: "2%" }, { noWorseThan: 0.1 }, { atLeast: 0.1 }])
      expect(verdictOf(one, { metric: "ndcg@10", ...rule })).toBe("inconclusive: too-few-clusters");
  });

  test("one value in all units of the candidate has an interval within the metric's range", () => {
    const perfect = scoredTable({ candidate: Array.from({ length: n }, () => 1), baseline });
    const [gate] = judged(perfect, { metric: "ndcg@10", atLeast: 0.9 });
    expect(gate).toMatchObject({ verdict: "pass", upper: 1 });
    expect(gate?.lower).toBeCloseTo(0.025 ** (1 / n), 12);
  });

  test("an unbounded metric has no interval then", () => {
    const unbounded = { ...metric("ndcg@10"), range: { min: null, max: null } };
    const table = { ...same(100), metrics: same(100).metrics.map((scored) => ({ ...scored, metric: unbounded })) };
    expect(verdictOf(table, { metric: "ndcg@10", noWorseThan: 0.01 })).toBe("inconclusive: no-unit-differs");
  });
});

describe("gates on the candidate alone", () => {
  // 100 values of 0.5 ± 0.1: an interval of about ± 0.02.
  const table = scoredTable({ candidate: around(0.5, 0.1, n), baseline: null });
  test.each([
    [{ atLeast: 0.45 }, "pass: within-bounds"],
    [{ atLeast: 0.49 }, "inconclusive: interval-crosses-threshold"],
    [{ atLeast: 0.55 }, "fail: out-of-bounds"],
    [{ atMost: 0.55 }, "pass: within-bounds"],
    [{ atMost: 0.51 }, "inconclusive: interval-crosses-threshold"],
    [{ atMost: 0.45 }, "fail: out-of-bounds"],
    [{ between: [0.45, 0.55] }, "pass: within-bounds"],
    [{ between: [0.49, 0.55] }, "inconclusive: interval-crosses-threshold"],
    [{ between: [0.55, 0.6] }, "fail: out-of-bounds"],
    [{ between: [0.3, 0.45] }, "fail: out-of-bounds"],
  ] satisfies [Partial<GateRule>, string][])("%j: %s", (rule, expected) => {
    expect(verdictOf(table, { metric: "ndcg@10", ...rule })).toBe(expected);
  });
});

describe("a first version", () => {
  const first = scoredTable({ candidate: around(0.5, 0.1, n), baseline: null });
  test("leaves out gates that compare, by name, and is judged by the others", () => {
    const report = reportOf(first, [
      { metric: "ndcg@10", noWorseThan: "2%" },
      { metric: "ndcg@10", betterThan: 0 },
      { metric: "ndcg@10", atLeast: 0.3 },
    ]);
    expect(report.leftOut).toEqual(["ndcg@10", "ndcg@10 better-than"]);
    expect(report.gates.map(({ id, verdict }) => [id, verdict])).toEqual([["ndcg@10 at-least", "pass"]]);
    expect(report.verdict).toBe("pass");
  });

  test("without a floor is no-data, never a pass", () => {
    expect(reportOf(first, [{ metric: "ndcg@10", noWorseThan: "2%" }]).verdict).toBe("no-data");
    expect(reportOf(first, []).verdict).toBe("no-data");
  });
});

describe('slice "*"', () => {
  const slices = (count: number, harmed: number, by: number): ScoredTable => {
    const of = Array.from({ length: count * 40 }, (_, index) => `s${index % count}`);
    const base = around(0.5, 0.1, of.length);
    const noise = (index: number): number => (Math.floor(index / count) % 2 === 0 ? 0.05 : -0.05);
    const candidate = base.map((value, index) => value + noise(index) - (index % count < harmed ? by : 0));
    return scoredTable({ candidate, baseline: base }, { slices: [{ kind: "column", column: "segment", values: of }] });
  };
  const rule: GateRule = { metric: "ndcg@10", slice: "*", noWorseThan: 0 };

  test("judges every slice by itself, and blocks on proven harm only", () => {
    const report = reportOf(slices(4, 1, 0.1), [rule, { metric: "ndcg@10", noWorseThan: 0.2 }]);
    expect(report.gates.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["ndcg@10[*] segment=s0", "fail"],
      ["ndcg@10[*] segment=s1", "inconclusive"],
      ["ndcg@10[*] segment=s2", "inconclusive"],
      ["ndcg@10[*] segment=s3", "inconclusive"],
      ["ndcg@10", "pass"],
    ]);
    expect(report.verdict).toBe("fail");
    expect(reportOf(slices(4, 0, 0.1), [rule, { metric: "ndcg@10", noWorseThan: 0.2 }]).verdict).toBe("pass");
  });

  test("what one slice alone would prove, one among twenty does not (Holm)", () => {
    expect(judged(slices(2, 1, 0.02), rule)[0]).toMatchObject({ verdict: "fail", reason: "regression" });
    expect(judged(slices(20, 1, 0.02), rule)[0]).toMatchObject({ verdict: "inconclusive", reason: "not-proven-among-slices" });
    expect(judged(slices(20, 1, 0.1), rule)[0]).toMatchObject({ verdict: "fail", reason: "regression" });
  });

  test("harm is proven at half of what the confidence leaves, for the interval has two sides", () => {
    // One-sided p of 0.021: below 0.025 alone, but not when Holm doubles it.
    expect(judged(slices(1, 1, 0.0168), rule)[0]).toMatchObject({ verdict: "fail", reason: "regression" });
    expect(judged(slices(2, 1, 0.0168), rule)[0]).toMatchObject({ verdict: "inconclusive", reason: "not-proven-among-slices" });
  });

  test("a named slice is judged uncorrected", () => {
    expect(judged(slices(20, 1, 0.02), { metric: "ndcg@10", slice: { segment: "s0" }, noWorseThan: 0 })[0]?.verdict).toBe("fail");
  });

  test("without a slice is no-data, and so is a slice that vanished", () => {
    expect(verdictOf(better(0), rule)).toBe("no-data: no-slice-measured");
    expect(verdictOf(slices(2, 0, 0), { metric: "ndcg@10", slice: { segment: "gone" }, noWorseThan: 0 })).toBe(
      "no-data: slice-not-measured",
    );
  });
});

test("a metric or dataset that was not measured is no-data", () => {
  expect(verdictOf(better(0), { metric: "mrr", noWorseThan: 0 })).toBe("no-data: metric-not-measured");
  expect(verdictOf(better(0), { metric: "ndcg@10", dataset: "other", noWorseThan: 0 })).toBe("no-data: metric-not-measured");
});

test("no unit with a relevant item is no-data", () => {
  const empty = scoredTable({ candidate: around(0, 0, n).map(() => null), baseline: around(0, 0, n).map(() => null) });
  expect(verdictOf(empty, { metric: "ndcg@10", noWorseThan: 0 })).toBe("no-data: no-units");
});

describe("the verdict of all gates", () => {
  const gate = (blocks: JudgedGate["blocks"], verdict: JudgedGate["verdict"]): JudgedGate => ({
    ...(judged(better(0), { metric: "ndcg@10", atLeast: 0 })[0] as JudgedGate),
    blocks,
    verdict,
  });
  const must = (verdict: JudgedGate["verdict"]) => gate("unless-pass", verdict);
  const harm = (verdict: JudgedGate["verdict"]) => gate("on-fail", verdict);
  const informs = (verdict: JudgedGate["verdict"]) => gate("never", verdict);
  test.each([
    ["no gates", [], "no-data"],
    ["one passes", [must("pass")], "pass"],
    ["fail before error", [must("error"), must("fail"), must("pass")], "fail"],
    ["error before no-data", [must("no-data"), must("error")], "error"],
    ["no-data before inconclusive", [must("inconclusive"), must("no-data")], "no-data"],
    ["inconclusive blocks where a pass is demanded", [must("pass"), must("inconclusive")], "inconclusive"],
    ["on-fail lets inconclusive be", [must("pass"), harm("inconclusive")], "pass"],
    ["on-fail blocks on no-data", [must("pass"), harm("no-data")], "no-data"],
    ["on-fail blocks on error", [must("pass"), harm("error")], "error"],
    ["on-fail blocks on fail", [must("pass"), harm("fail")], "fail"],
    ["on-fail alone is no pass", [harm("pass")], "no-data"],
    ["never blocks never", [must("pass"), informs("fail")], "pass"],
    ["never alone is no pass", [informs("pass")], "no-data"],
  ] as const)("%s", (_, judgedGates, expected) => {
    expect(overallVerdict(judgedGates, [])).toBe(expected);
  });

  test("an invalid evaluation is an error, even without gates", () => {
    expect(overallVerdict([], [{ code: "stale-predictions", verdict: "error", message: "" }])).toBe("error");
    expect(overallVerdict([must("pass")], [{ code: "ties-at-k", verdict: "inconclusive", message: "" }])).toBe("pass");
  });
});
