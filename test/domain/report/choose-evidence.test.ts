import { describe, expect, test } from "vitest";
import type { Report } from "#domain/evaluation/report.ts";
import type { Verdict } from "#domain/evaluation/verdict.ts";
import { acceptedRunSchema } from "#domain/evidence/run.ts";
import type { Trust } from "#domain/policy/trusted-evidence.ts";
import { chooseEvidence, type Demands, type RecordedReport } from "#domain/report/choose-evidence.ts";
import { evidenceEntry } from "#test/support/evidence-entry.ts";
import { around, digestOf, header, reportOf, scoredTable } from "#test/support/report-request.ts";

const report = reportOf(scoredTable({ candidate: around(0.5, 0.1, 20), baseline: around(0.4, 0.2, 20) }), []);
const trusted: Trust = { kind: "trusted", workflow: "acme/slipway/.github/workflows/evaluate.yml" };
const untrusted: Trust = { kind: "self-reported", code: "unsigned", reason: "there is no token" };
const { candidate, inputs } = header;
const baseline = report.baseline === null ? null : { version: report.baseline.version, digest: digestOf("b") };
const demands: Demands = { definition: inputs.definition, candidate, baseline };

/** A run that measured this; a letter names its predictions, so that equal letters are equal inputs. */
function recorded(run: number, change: Partial<Report> = {}, predictions = String(run), trust: Trust = trusted): RecordedReport {
  const supplied = { digest: digestOf(predictions), by: "supplied" } as const;
  const its = { ...report, inputs: { ...inputs, predictions: { ...inputs.predictions, candidate: supplied } }, ...change };
  return {
    run: acceptedRunSchema.parse(evidenceEntry({ run }).accepted),
    trust,
    read: { digest: digestOf(predictions), text: "", report: its },
  };
}

/** The verdicts that runs 1, 2, … get, oldest first, and the run that stands. */
const standing: readonly (readonly [readonly Verdict[], number])[] = [
  [["pass"], 1],
  [["fail"], 1],
  [["error"], 1],
  [["no-data"], 1],
  [["pass", "pass"], 1],
  [["pass", "inconclusive"], 2],
  [["pass", "fail"], 2],
  [["inconclusive", "pass"], 1],
  [["inconclusive", "fail"], 2],
  [["fail", "pass"], 1],
  [["fail", "inconclusive"], 1],
  [["error", "pass"], 2],
  [["no-data", "pass"], 2],
  [["error", "no-data"], 2],
  [["no-data", "error"], 2],
  [["pass", "error"], 1],
  [["pass", "no-data"], 1],
  [["fail", "error", "pass"], 1],
  [["error", "pass", "fail", "pass"], 3],
  [["error", "no-data", "inconclusive", "pass"], 3],
];

describe("the evidence that stands", () => {
  test.each(standing)("of %j is run %i's", (verdicts, run) => {
    const reports = verdicts.map((verdict, index) => recorded(index + 1, { verdict }));
    const chosen = chooseEvidence(reports, demands, (its) => its);
    expect(chosen).toMatchObject({
      kind: "chosen",
      evidence: { run, attempt: 1, workflow: trusted.kind === "trusted" ? trusted.workflow : "" },
    });
  });

  test("is judged by today's rules, not by what it says of itself", () => {
    const reports = [recorded(1, { verdict: "pass" }), recorded(2, { verdict: "fail" })];
    const swapped = (its: Report): Report => ({ ...its, verdict: its.verdict === "pass" ? "fail" : "pass" });
    expect(chooseEvidence(reports, demands, swapped)).toMatchObject({ evidence: { run: 1, report: { verdict: "fail" } } });
  });

  test("has the digest of the exact bytes that were recorded", () => {
    expect(chooseEvidence([recorded(1)], demands, (its) => its)).toMatchObject({ evidence: { digest: digestOf("1") } });
  });
});

const none = { kind: "none", verdict: "no-data" };
const other = { version: candidate.version, digest: digestOf("9") };
describe("no evidence stands", () => {
  test.each<readonly [string, readonly RecordedReport[], Partial<Demands>, object]>([
    ["when nothing was recorded", [], {}, { ...none, code: "no-evidence" }],
    ["when all of it is self-reported", [recorded(1, {}, "1", untrusted)], {}, { ...none, code: "only-self-reported" }],
    ["when another digest is proposed now", [recorded(1)], { candidate: other }, { ...none, code: "candidate-differs" }],
    [
      "when another label is proposed now",
      [recorded(1)],
      { candidate: { ...candidate, version: other.version, digest: digestOf("8") } },
      { code: "candidate-differs" },
    ],
    ["when the definition has changed", [recorded(1)], { definition: digestOf("9") }, { ...none, code: "definition-changed" }],
    ["when another version is live", [recorded(1)], { baseline: other }, { ...none, code: "baseline-moved" }],
    ["when nothing is live any more", [recorded(1)], { baseline: null }, { ...none, code: "baseline-moved" }],
    ["when it was measured without a baseline", [recorded(1, { baseline: null })], {}, { ...none, code: "baseline-moved" }],
    [
      "when its baseline was a label that a person named",
      [recorded(1, { baseline: report.baseline && { ...report.baseline, digest: null } })],
      {},
      none,
    ],
    [
      "and the newest reason is the one told",
      [recorded(1, { candidate: other }), recorded(2)],
      { baseline: null },
      { code: "baseline-moved" },
    ],
  ])("%s", (_, reports, change, gives) => {
    expect(chooseEvidence(reports, { ...demands, ...change }, (its) => its)).toMatchObject(gives);
  });

  const refusedRuns = [
    { run: 4, attempt: 1, reason: "The artifact is not a zip." },
    { run: 5, attempt: 2, reason: "The evidence is of another head." },
  ];
  test.each([
    ["nothing else", []],
    ["what is self-reported", [recorded(1, {}, "1", untrusted)]],
  ])("when what the head's runs left was refused, beside %s: an error that says the newest reason", (_, reports) => {
    expect(chooseEvidence(reports, demands, (its) => its, refusedRuns)).toEqual({
      kind: "none",
      verdict: "error",
      code: "evidence-refused",
      message: "The evidence of run 5, attempt 2, is refused: The evidence is of another head. Mend the workflow and run it again.",
    });
  });

  test("but a refused run takes nothing from one that was recorded", () => {
    expect(chooseEvidence([recorded(1)], demands, (its) => its, refusedRuns)).toMatchObject({ kind: "chosen", evidence: { run: 1 } });
  });

  test("when equal inputs were measured differently, whatever the verdicts", () => {
    const measurements = report.measurements.map((measurement) => ({ ...measurement, units: 19 }));
    const reports = [recorded(1, {}, "a"), recorded(2, {}, "b"), recorded(3, { measurements }, "a")];
    expect(chooseEvidence(reports, demands, (its) => its)).toMatchObject({ kind: "none", verdict: "error", code: "measurements-differ" });
  });

  test("but self-reported or outdated measurements contradict nothing", () => {
    const measurements = report.measurements.map((measurement) => ({ ...measurement, units: 19 }));
    const reports = [
      recorded(1, {}, "a"),
      recorded(2, { measurements }, "a", untrusted),
      recorded(3, { measurements, candidate: other }, "a"),
    ];
    expect(chooseEvidence(reports, demands, (its) => its)).toMatchObject({ kind: "chosen", evidence: { run: 1 } });
  });
});
