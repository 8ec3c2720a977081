import type { Report } from "#domain/evaluation/report.ts";
import { type CommitSha, commitShaSchema, hexOf, type VersionRef } from "#domain/model/names.ts";
import { addMilliseconds } from "#domain/model/time.ts";
import { policySchema } from "#domain/policy/policy.ts";
import { definitionPath } from "#domain/report/changed-models.ts";
import { evidenceFiles, madeReport } from "#test/support/made-evidence.ts";
import { liveVersion, policyText, ranker, trustedCommit, trustedWorkflow } from "#test/support/world-texts.ts";
import { everyVersion } from "./simulated-texts.ts";
import type { SimulatedWorld } from "./simulated-world.ts";

export interface MeasuredRun {
  readonly pullRequest: number;
  readonly head: CommitSha;
  readonly run: { readonly id: number; readonly attempt: number };
  readonly baseline: VersionRef;
  /** By how much the candidate's ndcg@10 is greater. */
  readonly gain: number;
  /** Whether the run got a token. */
  readonly signed: boolean;
}

/** The trusted workflow runs on a head, and leaves its evidence. */
export async function measureHead(
  { clock, repository, provenance, runs }: SimulatedWorld,
  { pullRequest, head, run: { id, attempt }, baseline, gain, signed }: MeasuredRun,
): Promise<void> {
  const about = await repository.about();
  const headText = await repository.file(head, definitionPath(ranker));
  const trustedText = await repository.file(about.head, definitionPath(ranker));
  const report = measuredReport(headText ?? "", trustedText ?? "", baseline, gain);
  const { digest, ...files } = evidenceOf(report, { pullRequest, head, id, attempt });
  runs.complete({
    id,
    attempt,
    event: "pull_request",
    headSha: head,
    path: ".github/workflows/slipway.yml",
    startedAt: addMilliseconds(clock.now(), -60_000),
    updatedAt: clock.now(),
  });
  const token = provenance.sign({
    issuer: "https://token.actions.githubusercontent.com",
    audience: `slipway:sha256:${hexOf(digest)}`,
    repositoryId: 1,
    eventName: "pull_request",
    runId: id,
    runAttempt: attempt,
    jobWorkflowRef: `${trustedWorkflow}@refs/tags/v1`,
    jobWorkflowSha: commitShaSchema.parse(trustedCommit),
    issuedAt: addMilliseconds(clock.now(), -1000),
  });
  runs.leave(id, { kind: "found", files: { ...files, ...(signed && { token }) } });
}

/** What the App would tell the Action is live, by an environment's state. */
export function liveIn(stateText: string): VersionRef {
  const [, digest] = /^live:\n {2}version: .*\n {2}digest: "?(sha256:[0-9a-f]{64})/m.exec(stateText) ?? [];
  return everyVersion.find((version) => version.digest === digest) ?? liveVersion;
}

const evidenceKnown = new Map<string, ReturnType<typeof evidenceFiles>>();

/** The same run of the same head, in whichever history, leaves the same bytes. */
function evidenceOf(report: Report, run: Partial<NonNullable<Report["run"]>>): ReturnType<typeof evidenceFiles> {
  const ran = { ...report, run: report.run && { ...report.run, ...run } };
  const key = JSON.stringify([report.candidate, report.baseline, report.verdict, ran.run]);
  const known = evidenceKnown.get(key) ?? evidenceFiles([ran]);
  if (evidenceKnown.size >= 20_000) evidenceKnown.clear();
  evidenceKnown.set(key, known);
  return known;
}

const measured = new Map<string, Report>();

/** Measuring costs far more than anything that is done with it, and depends on little. */
function measuredReport(headText: string, trustedText: string, baseline: VersionRef, gain: number): Report {
  const key = JSON.stringify([headText, trustedText, baseline, gain]);
  const known = measured.get(key);
  if (known !== undefined) return known;
  const report = madeReport({
    headText,
    trustedText,
    policy: policySchema.parse(JSON.parse(policyText())),
    baseline,
    run: { id: 1, attempt: 1, pullRequest: 1, head: commitShaSchema.parse("0".repeat(40)) },
    gain,
  });
  measured.set(key, report);
  return report;
}
