import { describe, expect, test } from "vitest";
import { type Evidence, printEvidence } from "#domain/evaluation/evidence.ts";
import { printReport, type Report, type Run } from "#domain/evaluation/report.ts";
import { acceptRun, digestOf, type OfferedRun } from "#domain/evidence/accept-run.ts";
import { runFactsSchema } from "#domain/evidence/run.ts";
import { commitShaSchema, modelNameSchema } from "#domain/model/names.ts";
import { at } from "#test/support/builders.ts";
import { around, reportOf, scoredTable } from "#test/support/report-request.ts";

const head = commitShaSchema.parse("a".repeat(40));
const other = commitShaSchema.parse("b".repeat(40));
const run: Run = { repository: 1, pullRequest: 7, head, base: null, id: 5, attempt: 2, engine: "slipway test" };
const measured = reportOf(scoredTable({ candidate: around(0.5, 0.1, 20), baseline: around(0.4, 0.2, 20) }), []);

interface Offer {
  readonly run?: Run | null;
  readonly report?: Partial<Report>;
  readonly listed?: Partial<Evidence["reports"][number]>;
  readonly evidenceText?: string;
  readonly reportText?: string;
  readonly facts?: object;
}

/** The files of run 5, attempt 2, of pull request 7, all in order but for what a test changes. */
function offered(change: Offer = {}): OfferedRun {
  const its = change.run === undefined ? run : change.run;
  const text = change.reportText ?? printReport({ ...measured, run: its, ...change.report });
  const digest = digestOf(new TextEncoder().encode(text));
  const evidence =
    change.evidenceText ??
    printEvidence({
      schema: "slipway/evidence/v1",
      run: its,
      reports: [{ model: measured.model, file: "search-ranker.json", digest, ...change.listed }],
    });
  return {
    repositoryId: 1,
    facts: runFactsSchema.parse({
      id: 5,
      attempt: 2,
      event: "pull_request",
      headSha: head,
      path: "x.yml",
      startedAt: at(0),
      updatedAt: at(1),
      ...change.facts,
    }),
    evidence: { digest: digestOf(new TextEncoder().encode(evidence)), text: evidence },
    reports: new Map([["search-ranker.json", { digest, text }]]),
  };
}

describe("a run's files", () => {
  test("that are what they say are accepted, with the exact text of each report", () => {
    const files = offered();
    expect(acceptRun(files)).toEqual({
      kind: "accepted",
      pullRequest: 7,
      digest: files.evidence.digest,
      reports: [{ ...files.reports.get("search-ranker.json"), report: { ...measured, run } }],
    });
  });

  test("may list no report at all: then nothing was measured", () => {
    const evidenceText = printEvidence({ schema: "slipway/evidence/v1", run, reports: [] });
    expect(acceptRun(offered({ evidenceText }))).toMatchObject({ kind: "accepted", reports: [] });
  });

  test.each<readonly [string, Offer, string]>([
    ["an evidence file that is no JSON", { evidenceText: "{" }, "This is not JSON; a document of schema slipway/evidence/v1 was expected."],
    ["evidence of another schema", { evidenceText: '{"schema":"slipway/evidence/v2"}' }, 'of schema "slipway/evidence/v2"'],
    ["evidence from a laptop", { run: null }, "The evidence was made outside a workflow run."],
    ["another repository's", { run: { ...run, repository: 2 } }, "The evidence is of repository 2, the run of 1."],
    ["another run's", { run: { ...run, id: 6 } }, "The evidence is of run 6 attempt 2, not of 5 attempt 2."],
    ["another attempt's", { run: { ...run, attempt: 1 } }, "The evidence is of run 5 attempt 1, not of 5 attempt 2."],
    ["another head's", { run: { ...run, head: other } }, "The evidence is of head bbbbbbbbbbbb, the run was for aaaaaaaaaaaa."],
    ["no pull request's", { run: { ...run, pullRequest: null } }, "The evidence names no pull request."],
    ["a report that is not there", { listed: { file: "other.json" } }, "evidence.json lists other.json, which the artifact does not hold."],
    [
      "a report that was changed",
      { listed: { digest: measured.candidate.digest } },
      "search-ranker.json is not the file that evidence.json names: its digest differs.",
    ],
    [
      "a report that cannot be read",
      { reportText: '{"schema":"slipway/report/v1"}' },
      "search-ranker.json: This is not a valid slipway/report/v1 document.",
    ],
    [
      "a report about another model",
      { listed: { model: modelNameSchema.parse("other") } },
      "search-ranker.json is about search-ranker, evidence.json says other.",
    ],
    [
      "a report of another run",
      { report: { run: { ...run, pullRequest: 8 } } },
      "search-ranker.json is of another run than evidence.json.",
    ],
  ])("are refused when they are %s", (_, change, reason) => {
    const acceptance = acceptRun(offered(change));
    expect(acceptance).toMatchObject({ kind: "refused", reason: expect.stringContaining(reason) });
  });
});

test("a digest is the SHA-256 of exact bytes", () => {
  expect(digestOf(new TextEncoder().encode("abc"))).toBe("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
