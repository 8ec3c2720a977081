import type { BlobId, CommitSha } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";

/** The environments repository at one commit, as plain data: what every flow reads before it decides. */
export interface EnvironmentsSnapshot {
  readonly head: CommitSha;
  /** Every file of that commit, by path. */
  readonly entries: ReadonlyMap<string, BlobId>;
  /** The texts below `.slipway/`, without `releases/` and `evidence/`, which only grow. */
  readonly texts: ReadonlyMap<string, string>;
}

/** A commit as its history tells it. */
export interface CommitRecord {
  readonly sha: CommitSha;
  readonly authorEmail: string;
  readonly authorName: string;
  readonly message: string;
  /** When it was committed, by the clock of whoever did. */
  readonly at: Instant;
}
