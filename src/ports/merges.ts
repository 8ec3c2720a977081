import type { CommitSha } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";

/** What was merged in a model repository. */
export interface Merges {
  /** Pull requests merged since then, the newest first; of very many, those that were touched last. */
  since(moment: Instant): Promise<readonly MergedPullRequest[]>;
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
