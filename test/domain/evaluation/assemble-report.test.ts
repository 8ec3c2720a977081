import { describe, expect, test } from "vitest";
import { assembleReport } from "#domain/evaluation/assemble-report.ts";
import { parseReport, printReport } from "#domain/evaluation/report.ts";
import type { ScoredTable } from "#domain/evaluation/scored-table.ts";
import type { GateRule } from "#domain/gate/gate.ts";
import { judgeReport } from "#domain/gate/judge-gates.ts";
import { around, gates, header, reportOf, scoredTable } from "#test/support/report-request.ts";

const n = 120;
const base = around(0.5, 0.1, n);
const close = base.map((value, index) => value - 0.002 + (index % 4 < 2 ? 0.02 : -0.02));
const locales = Array.from({ length: n }, (_, index) => ["de", "fr", null][index % 3] ?? null);
const table: ScoredTable = scoredTable(
  { candidate: close, baseline: base },
  {
    slices: [
      { kind: "column", column: "locale", values: locales },
      { kind: "predicate", name: "cold-start", values: base.map((_, index) => index < 40) },
    ],
  },
);
const rules: readonly GateRule[] = [
  { metric: "ndcg@10", noWorseThan: "2%" },
  { metric: "ndcg@10", noWorseThan: 0.01, slice: { locale: "de" } },
  { metric: "ndcg@10", noWorseThan: "5%", slice: "*" },
  { metric: "ndcg@10", atLeast: 0.3, confidence: 0.9 },
  { metric: "mrr", betterThan: 0, blocks: "never" },
];

describe("a report", () => {
  test("measures every metric on all units and on every slice; units without a value of the column are in none of its slices", () => {
    const { measurements } = reportOf(table, rules);
    expect(measurements.map(({ slice, units }) => [slice, units])).toEqual([
      [null, 120],
      [{ locale: "de" }, 40],
      [{ locale: "fr" }, 40],
      [{ name: "cold-start" }, 40],
    ]);
    expect(measurements[0]).toMatchObject({ metric: "ndcg@10", better: "higher", clusters: 120, unit: "query_id", cluster: "query_id" });
    expect(measurements[0]?.difference).toMatchObject({ confidence: 0.95, degreesOfFreedom: 119, method: "paired-t" });
    expect(measurements[0]?.difference?.value).toBeCloseTo(-0.002, 12);
  });

  test("counts each unit once, however many queries it has", () => {
    const queries = scoredTable(
      { candidate: [1, 0, 0, 0.5], baseline: [0, 0, 0, 0.5] },
      { unit: { column: "user_id", values: ["a", "a", "a", "b"] } },
    );
    expect(reportOf(queries, []).measurements[0]).toMatchObject({
      units: 2,
      candidate: { value: (1 / 3 + 0.5) / 2 },
      baseline: { value: 0.25 },
      unit: "user_id",
    });
  });

  test("weights change the estimate, clusters only its error", () => {
    const weighted = reportOf({ ...table, weights: { column: "traffic", values: base.map((_, index) => (index % 2 === 0 ? 3 : 1)) } }, [])
      .measurements[0];
    expect(weighted?.baseline?.value).toBeCloseTo((0.6 * 3 + 0.4) / 4, 12);
    const clustered = reportOf({ ...table, cluster: { column: "shop", values: base.map((_, index) => `s${index % 40}`) } }, [])
      .measurements[0];
    expect(clustered).toMatchObject({ clusters: 40, cluster: "shop", difference: { degreesOfFreedom: 39, method: "clustered-paired-t" } });
    expect(clustered?.candidate.value).toBe(reportOf(table, []).measurements[0]?.candidate.value);
  });

  test("leaves out units without a relevant item from both arms, and counts them", () => {
    const sparse = scoredTable({ candidate: [null, 1, 0.5], baseline: [null, 0.5, 0.5] });
    expect(reportOf(sparse, []).measurements[0]).toMatchObject({ units: 2, excluded: { noRelevant: 1 }, candidate: { value: 0.75 } });
  });

  test("is the same bytes for the same request", () => {
    expect(printReport(reportOf(table, rules))).toBe(printReport(reportOf(table, rules)));
  });

  test("swapping the arms flips the sign of the difference and of its bounds", () => {
    const there = reportOf(table, []).measurements[0]?.difference;
    const back = reportOf(scoredTable({ candidate: base, baseline: close }), []).measurements[0]?.difference;
    expect([back?.value, back?.lower, back?.upper]).toEqual([0 - (there?.value ?? 0), 0 - (there?.upper ?? 0), 0 - (there?.lower ?? 0)]);
  });
});

describe("stored evidence under today's gates", () => {
  const stored = parseReport(printReport(reportOf(table, rules)));
  const report = stored.kind === "report" ? stored.report : reportOf(table, rules);

  test("the same gates give the same judgement from the report as from the units", () => {
    const again = judgeReport(report, gates(...rules));
    expect(again.gates).toEqual(report.gates);
    expect(again.verdict).toBe(report.verdict);
    expect(again.leftOut).toEqual(report.leftOut);
  });

  test("another margin in the metric's units is judged on the stored difference", () => {
    const { gates: judged } = judgeReport(
      report,
      gates({ metric: "ndcg@10", noWorseThan: 0.02 }, { metric: "ndcg@10", noWorseThan: 0 }, { metric: "ndcg@10", atLeast: 0.6 }),
    );
    expect(judged.map(({ verdict }) => verdict)).toEqual(["pass", "inconclusive", "fail"]);
    expect(judged[2]).toMatchObject({ statistic: "candidate", confidence: 0.95, degreesOfFreedom: 119 });
  });

  test.each([
    ["another share", { metric: "ndcg@10", noWorseThan: "3%" }],
    ["another confidence", { metric: "ndcg@10", noWorseThan: 0.01, confidence: 0.99 }],
    ["another confidence of a bound", { metric: "ndcg@10", atLeast: 0.3, confidence: 0.99 }],
    ["the same share on a slice that had no such gate", { metric: "ndcg@10", noWorseThan: "2%", slice: { locale: "fr" } }],
  ] satisfies [string, GateRule][])("%s needs another evaluation", (_, rule) => {
    const { gates: judged, verdict } = judgeReport(report, gates(rule));
    expect(judged.map((gate) => [gate.verdict, gate.reason])).toEqual([["no-data", "evaluate-again"]]);
    expect(verdict).toBe("no-data");
  });

  test("without any gate is no-data, whatever the report itself says", () => {
    expect(judgeReport({ ...report, verdict: "pass" }, []).verdict).toBe("no-data");
  });

  test("an invalid evaluation stays an error", () => {
    const invalid = { ...report, preflight: [{ code: "stale-predictions", verdict: "error" as const, message: "" }] };
    const { verdict, gates: judged } = judgeReport(invalid, gates({ metric: "ndcg@10", atLeast: 0 }));
    expect([verdict, judged[0]?.verdict, judged[0]?.reason]).toEqual(["error", "error", "invalid-evaluation"]);
  });
});

describe("what could not be measured", () => {
  const nothing = (verdict: "error" | "no-data", code: string) =>
    assembleReport({
      header,
      answer: { table: null, problems: [{ code, verdict, message: "It is so." }] },
      gates: gates(...rules),
      identical: "refused",
    });

  test("an error of the data is an error of every gate", () => {
    const report = nothing("error", "duplicate-rows");
    expect([report.verdict, new Set(report.gates.map(({ verdict }) => verdict))]).toEqual(["error", new Set(["error"])]);
    expect(report.preflight).toEqual([{ code: "duplicate-rows", verdict: "error", message: "It is so." }]);
  });

  test("missing predictions of the candidate are no-data", () => {
    const report = nothing("no-data", "predictions-missing");
    expect(report.verdict).toBe("no-data");
    expect(report.gates.every(({ verdict, reason }) => verdict === "no-data" && reason === "predictions-missing")).toBe(true);
  });

  test("missing predictions of the baseline leave bounds on the candidate to be judged", () => {
    const alone = scoredTable({ candidate: close, baseline: null });
    const report = assembleReport({
      header,
      answer: { table: alone, problems: [{ code: "predictions-missing", verdict: "no-data", message: "There is no file." }] },
      gates: gates({ metric: "ndcg@10", noWorseThan: "2%" }, { metric: "ndcg@10", atLeast: 0.3 }),
      identical: "refused",
    });
    expect(report.gates.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ["no-data", "predictions-missing"],
      ["pass", "within-bounds"],
    ]);
    expect(report.verdict).toBe("no-data");
    expect(report.measurements[0]?.why).toEqual({ baseline: "predictions-missing", difference: "predictions-missing" });
  });

  test("a metric that needs independent labels is no-data without them", () => {
    const [scored] = table.metrics;
    if (scored === undefined) throw new Error("there is one");
    const report = reportOf(
      { ...table, metrics: [{ kind: "unmeasurable", metric: scored.metric, reason: "labels-not-independent", message: "" }] },
      [{ metric: "ndcg@10", noWorseThan: 0 }],
    );
    expect(report.gates[0]).toMatchObject({ verdict: "no-data", reason: "labels-not-independent" });
    expect(report.measurements[0]?.why).toEqual({ baseline: "labels-not-independent", difference: "labels-not-independent" });
  });
});
