import type { RunFacts } from "#domain/evidence/run.ts";
import type { CommitSha } from "#domain/model/names.ts";
import type { EvidenceFiles } from "#ports/evidence-log.ts";

/** Workflow runs of a model repository and the evidence they left as artifacts. */
export interface WorkflowRuns {
  /** Completed runs for a head commit, newest first. */
  ofHead(head: CommitSha): Promise<readonly RunFacts[]>;
  /** GitHub's facts of one attempt; undefined when there is no such run. */
  facts(run: number, attempt: number): Promise<RunFacts | undefined>;
  /** The evidence artifact of a run, size-capped. */
  evidence(run: number): Promise<EvidenceArtifact>;
}

export type EvidenceArtifact =
  | { readonly kind: "found"; readonly files: Omit<EvidenceFiles, "keys"> }
  | { readonly kind: "none" }
  /** Too large, not a zip, a missing file: what, in one sentence. */
  | { readonly kind: "unreadable"; readonly reason: string };
