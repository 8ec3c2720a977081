import type { Change } from "#domain/environment/change.ts";
import type { CommitRecord, EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { TrailerKey } from "#domain/environment/trailers.ts";
import type { CommitSha } from "#domain/model/names.ts";

/**
 * The GitOps repository that clusters sync from, and Slipway's only memory. Its writes are compare-and-swap: they land on the base
 * that was read, or not at all.
 */
export interface EnvironmentsRepository {
  /** The default branch as it is now. */
  snapshot(): Promise<EnvironmentsSnapshot>;
  /** One file at a commit; undefined when there is none. */
  read(commit: CommitSha, path: string): Promise<string | undefined>;
  /** Commits to the default branch. A push whose answer was lost is looked up before it is called lost. */
  commit(change: Change): Promise<CommitOutcome>;
  /** Commits to a new branch; a branch that exists already stays as it is and is answered. */
  branch(name: string, change: Change): Promise<BranchOutcome>;
  /** The default branch's commits, newest first, that touched one of the paths or carry the trailer. */
  history(query: HistoryQuery): Promise<readonly CommitRecord[]>;
}

export type CommitOutcome =
  | { readonly kind: "committed"; readonly commit: CommitSha }
  /** The branch has moved on: read again and decide again. */
  | { readonly kind: "moved" }
  /** The host's rules refuse the push: trying again does not help. */
  | { readonly kind: "refused"; readonly message: string };

export type BranchOutcome =
  | { readonly kind: "created" | "exists"; readonly commit: CommitSha }
  | { readonly kind: "refused"; readonly message: string };

export type HistoryQuery = { readonly limit: number } & (
  | { readonly paths: readonly string[] }
  | { readonly trailer: TrailerKey; readonly value: string }
);
