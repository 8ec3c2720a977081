import type { Incident } from "#domain/incident/incident.ts";
import type { CommitSha } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";

/** A commit of the environments repository as Git tells it, with what it changed against its first parent. */
export interface HistoricCommit {
  readonly sha: CommitSha;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  /** When it was committed, by the clock of whoever did. */
  readonly at: Instant;
  readonly message: string;
  readonly paths: readonly string[];
}

export interface Signature {
  readonly name: string;
  readonly email: string;
}

/** Everything that a clone of the environments repository knows about what was released: the default branch and the archive. */
export interface History {
  /** The newest commit that was read. */
  readonly head: CommitSha;
  /** Newest first. */
  readonly commits: readonly HistoricCommit[];
  readonly releases: readonly ReleaseRecord[];
  readonly incidents: readonly Incident[];
  /** Records that cannot be read, one sentence each: what rests on them is missing. */
  readonly problems: readonly string[];
}

/** Which part of history is asked for: from `since` on, and before `until`. */
export interface Span {
  readonly since: Instant;
  readonly until: Instant;
}

export function isWithin({ since, until }: Span, at: Instant): boolean {
  return since <= at && at < until;
}
