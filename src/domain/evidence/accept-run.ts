import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { type Evidence, parseEvidence } from "#domain/evaluation/evidence.ts";
import { parseReport, type Report } from "#domain/evaluation/report.ts";
import type { RunFacts } from "#domain/evidence/run.ts";
import { type Digest, digestSchema } from "#domain/model/names.ts";

/** Evidence as a run left it, and what GitHub says of that run. */
export interface OfferedRun {
  readonly repositoryId: number;
  readonly facts: RunFacts;
  readonly evidence: OfferedFile;
  readonly reports: ReadonlyMap<string, OfferedFile>;
}

export interface OfferedFile {
  /** Of the exact bytes. */
  readonly digest: Digest;
  readonly text: string;
}

export type Acceptance =
  | { readonly kind: "accepted"; readonly pullRequest: number; readonly digest: Digest; readonly reports: readonly ReadReport[] }
  /** What is wrong, in one sentence. */
  | { readonly kind: "refused"; readonly reason: string };

export interface ReadReport {
  readonly digest: Digest;
  readonly text: string;
  readonly report: Report;
}

/**
 * Whether the files of a run are what they say: every report whole and listed with its digest, all of the run that GitHub knows, of the
 * head that it ran for. Says nothing about trust.
 */
export function acceptRun(offered: OfferedRun): Acceptance {
  const parsed = parseEvidence(offered.evidence.text);
  if (parsed.kind === "refused") return refused(parsed.message);
  const mismatch = runMismatch(parsed.evidence, offered);
  if (mismatch !== undefined) return refused(mismatch);

  const reports: ReadReport[] = [];
  for (const { file, model, digest } of parsed.evidence.reports) {
    const found = offered.reports.get(file);
    if (found === undefined) return refused(`evidence.json lists ${file}, which the artifact does not hold.`);
    if (found.digest !== digest) return refused(`${file} is not the file that evidence.json names: its digest differs.`);
    const report = parseReport(found.text);
    if (report.kind === "refused") return refused(`${file}: ${report.message}`);
    if (report.report.model !== model) return refused(`${file} is about ${report.report.model}, evidence.json says ${model}.`);
    if (JSON.stringify(report.report.run) !== JSON.stringify(parsed.evidence.run))
      return refused(`${file} is of another run than evidence.json.`);
    reports.push({ digest, text: found.text, report: report.report });
  }
  const pullRequest = parsed.evidence.run?.pullRequest;
  if (pullRequest === undefined || pullRequest === null) return refused("The evidence names no pull request.");
  return { kind: "accepted", pullRequest, digest: offered.evidence.digest, reports };
}

function runMismatch({ run }: Evidence, { repositoryId, facts }: OfferedRun): string | undefined {
  if (run === null) return "The evidence was made outside a workflow run.";
  if (run.repository !== repositoryId) return `The evidence is of repository ${run.repository}, the run of ${repositoryId}.`;
  if (run.id !== facts.id || run.attempt !== facts.attempt)
    return `The evidence is of run ${run.id} attempt ${run.attempt}, not of ${facts.id} attempt ${facts.attempt}.`;
  if (run.head !== facts.headSha) return `The evidence is of head ${run.head.slice(0, 12)}, the run was for ${facts.headSha.slice(0, 12)}.`;
  return undefined;
}

/** SHA-256 of exact bytes. */
export function digestOf(bytes: Uint8Array): Digest {
  return digestSchema.parse(`sha256:${bytesToHex(sha256(bytes))}`);
}

function refused(reason: string): Acceptance {
  return { kind: "refused", reason };
}
