import type { CommitSha } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";

/** What was merged in a model repository, and what is about to be. */
export interface Merges {
  /** Pull requests merged since then, the newest first; of very many, those that were touched last. */
  since(moment: Instant): Promise<readonly MergedPullRequest[]>;
  /** The groups that the merge queue wants checked now. */
  queued(): Promise<readonly MergeGroup[]>;
}

/** A pull request on top of the base and of those ahead of it in the queue, as one commit. */
export interface MergeGroup {
  readonly head: CommitSha;
  readonly pullRequest: number;
}

export interface MergedPullRequest {
  readonly number: number;
  /** What the merge made the base branch. */
  readonly commit: CommitSha;
  readonly at: Instant;
  readonly by: string;
  /** The branch that it was merged into. */
  readonly base: string;
  /** Paths that it changed. */
  readonly changed: readonly string[];
}
