import type { HistoricCommit } from "#domain/audit/history.ts";
import type { CommitSha } from "#domain/model/names.ts";

/** What a clone of the environments repository remembers, without asking anybody. */
export interface Chronicle {
  /** Every commit of the default branch as it was last fetched, newest first, and the records on it and on the archive branch, by path. */
  read(): Promise<{
    readonly head: CommitSha;
    readonly commits: readonly HistoricCommit[];
    readonly records: ReadonlyMap<string, string>;
  }>;
}
