import { describe, expect, test } from "vitest";
import { parseEvidence, printEvidence } from "#domain/evaluation/evidence.ts";
import { parseReport, printReport, type Report } from "#domain/evaluation/report.ts";
import { modelNameSchema } from "#domain/model/names.ts";
import { around, digestOf, reportOf, scoredTable } from "#test/support/report-request.ts";

const report = reportOf(scoredTable({ candidate: around(0.6, 0.1, 40), baseline: around(0.5, 0.2, 40) }), [
  { metric: "ndcg@10", noWorseThan: "2%" },
  { metric: "ndcg@10", between: [0, 1] },
  { metric: "mrr", atLeast: 0.1 },
]);

describe("report.json", () => {
  test("reads back what it prints, byte for byte", () => {
    const printed = printReport(report);
    const parsed = parseReport(printed);
    expect(parsed.kind).toBe("report");
    expect(parsed.kind === "report" && printReport(parsed.report)).toBe(printed);
    expect(printed.endsWith("}\n")).toBe(true);
  });

  test("has the fields that other programs rely on, in their order", () => {
    const document: unknown = JSON.parse(printReport(report));
    expect(Object.keys(document as object)).toEqual([
      "schema",
      "model",
      "candidate",
      "baseline",
      "run",
      "inputs",
      "dataset",
      "measurements",
      "gates",
      "leftOut",
      "preflight",
      "verdict",
      "distribution",
    ]);
    const { measurements, gates } = document as Report;
    expect(Object.keys(measurements[0] ?? {})).toEqual([
      "metric",
      "slice",
      "dataset",
      "better",
      "convention",
      "unit",
      "cluster",
      "units",
      "clusters",
      "excluded",
      "missing",
      "baseline",
      "candidate",
      "difference",
    ]);
    expect(Object.keys(measurements[0]?.difference ?? {})).toEqual([
      "value",
      "standardError",
      "lower",
      "upper",
      "confidence",
      "degreesOfFreedom",
      "method",
      "smallSample",
    ]);
    expect(Object.keys(gates[0] ?? {})).toEqual([
      "id",
      "metric",
      "slice",
      "dataset",
      "rule",
      "blocks",
      "statistic",
      "threshold",
      "value",
      "standardError",
      "degreesOfFreedom",
      "lower",
      "upper",
      "confidence",
      "detectable",
      "passIfUnchanged",
      "unitsToSettle",
      "why",
      "verdict",
      "reason",
      "message",
    ]);
  });

  test("holds null and why, never NaN", () => {
    const empty = reportOf(scoredTable({ candidate: [null], baseline: [null] }), [{ metric: "ndcg@10", noWorseThan: 0 }]);
    expect(empty.measurements[0]?.candidate).toEqual({
      value: null,
      standardError: null,
      lower: null,
      upper: null,
      why: { value: "no-units", standardError: "no-units", lower: "no-units", upper: "no-units" },
    });
    expect(() =>
      printReport({ ...report, measurements: [{ ...report.measurements[0], units: Number.NaN } as Report["measurements"][number]] }),
    ).toThrow();
  });

  test("with a field added later is still read", () => {
    const later = { ...(JSON.parse(printReport(report)) as object), addedLater: { anything: true } };
    const parsed = parseReport(JSON.stringify(later));
    expect(parsed.kind === "report" && parsed.report.verdict).toBe(report.verdict);
  });

  test.each([
    ["another schema", JSON.stringify({ ...report, schema: "slipway/report/v2" }), '"slipway/report/v2"'],
    ["no schema", "{}", "names no schema"],
    ["no JSON", "<html>", "not JSON"],
    ["an unknown verdict", JSON.stringify({ ...report, verdict: "excellent" }), "verdict"],
    ["a digest that is none", JSON.stringify({ ...report, candidate: { version: "2", digest: "md5:1" } }), "candidate.digest"],
  ])("with %s is refused", (_, document, mention) => {
    const parsed = parseReport(document);
    expect(parsed.kind).toBe("refused");
    expect(parsed.kind === "refused" ? parsed.message : "").toContain(mention);
  });
});

describe("evidence.json", () => {
  const evidence = {
    schema: "slipway/evidence/v1",
    run: null,
    reports: [{ model: modelNameSchema.parse("search-ranker"), file: "search-ranker.report.json", digest: digestOf("a") }],
  } as const;

  test("reads back what it prints", () => {
    const printed = printEvidence({ ...evidence, reports: [...evidence.reports] });
    expect(parseEvidence(printed)).toEqual({ kind: "evidence", evidence });
  });

  test.each(["../report.json", "/etc/passwd", "a/b.json", ".hidden", ""])("refuses the file name %j", (file) => {
    expect(parseEvidence(JSON.stringify({ ...evidence, reports: [{ ...evidence.reports[0], file }] })).kind).toBe("refused");
  });

  test("of an unknown schema is refused", () => {
    expect(parseEvidence(JSON.stringify({ ...evidence, schema: "slipway/evidence/v9" })).kind).toBe("refused");
  });
});
