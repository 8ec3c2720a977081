import type { ListedRun } from "#domain/evidence/listed-run.ts";
import type { RunFacts } from "#domain/evidence/run.ts";
import type { CommitSha } from "#domain/model/names.ts";
import type { EvidenceFiles } from "#ports/evidence-log.ts";

/** Workflow runs of a model repository and the evidence they left as artifacts. */
export interface WorkflowRuns {
  /** Completed runs for a head commit, newest first. */
  ofHead(head: CommitSha): Promise<readonly RunFacts[]>;
  /** All runs of a head commit, also those that are under way. */
  listed(head: CommitSha): Promise<readonly ListedRun[]>;
  /** GitHub's facts of one attempt; undefined when there is no such run. */
  facts(run: number, attempt: number): Promise<RunFacts | undefined>;
  /** The evidence artifact of a run, size-capped. */
  evidence(run: number): Promise<EvidenceArtifact>;
  /** Starts a new attempt of a run that is over. A lost answer throws: whether it started is seen in {@link WorkflowRuns.listed}. */
  repeat(run: number): Promise<RepeatOutcome>;
}

export type RepeatOutcome =
  | { readonly kind: "started" }
  /** GitHub does not: it is running already, too old, or not ours to start. */
  | { readonly kind: "refused"; readonly message: string };

export type EvidenceArtifact =
  | { readonly kind: "found"; readonly files: Omit<EvidenceFiles, "keys" | "trustRoot"> }
  | { readonly kind: "none" }
  /** Too large, not a zip, a missing file: what, in one sentence. */
  | { readonly kind: "unreadable"; readonly reason: string };
