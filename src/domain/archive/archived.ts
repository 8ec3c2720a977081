import type { BlobId, CommitSha, RepositoryName } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";

/** A file by its exact bytes. */
export interface FileAt {
  readonly path: string;
  readonly blob: BlobId;
}

/** The evidence log of one pull request, as it stands on the host. */
export interface StoredLog {
  readonly repositoryId: number;
  readonly pullRequest: number;
  readonly tip: CommitSha;
  /** By path within the log. */
  readonly files: ReadonlyMap<string, BlobId>;
}

/** A log, what its runs say, and what GitHub says of its pull request. */
export interface EvidenceLogFacts {
  readonly log: StoredLog;
  /** undefined when a run of it cannot be read. */
  readonly runs: { readonly repository: RepositoryName; readonly newest: Instant } | undefined;
  readonly pullRequest: PullRequestEnd;
}

/** How a pull request ended. What could not be learnt is never taken for an end. */
export type PullRequestEnd =
  | { readonly kind: "closed"; readonly at: Instant }
  | { readonly kind: "open" }
  | { readonly kind: "unknown"; readonly reason: string };
