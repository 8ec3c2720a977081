import type { FileAt, StoredLog } from "#domain/archive/archived.ts";
import type { BlobId, CommitSha } from "#domain/model/names.ts";
import type { CommitOutcome } from "#ports/environments-repository.ts";

/** The archive branch of the environments repository, and the evidence logs that move to it. Writes are compare-and-swap. */
export interface Archive {
  /** What the archive holds now, by path; without a head while there is none. */
  held(): Promise<ArchiveFiles>;
  /** Every evidence log on the host. */
  logs(): Promise<readonly StoredLog[]>;
  /** The texts of files. */
  texts(blobs: readonly BlobId[]): Promise<ReadonlyMap<BlobId, string>>;
  /** Adds files to the archive as it was read. */
  add(base: CommitSha | undefined, files: readonly FileAt[], message: ArchiveMessage): Promise<CommitOutcome>;
  /** Removes an evidence log's ref, if nothing was added to it since it was read. */
  prune(log: StoredLog): Promise<PruneOutcome>;
}

export interface ArchiveFiles {
  readonly head: CommitSha | undefined;
  readonly entries: ReadonlyMap<string, BlobId>;
}

export interface ArchiveMessage {
  readonly subject: string;
  /** `archive by <login>` */
  readonly command: string;
}

export type PruneOutcome =
  | { readonly kind: "pruned" }
  /** Something was added to it. */
  | { readonly kind: "moved" }
  /** The host's rules are against it. */
  | { readonly kind: "refused"; readonly message: string };
