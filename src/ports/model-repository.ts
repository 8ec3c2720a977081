import type { CommitSha, RepositoryName } from "#domain/model/names.ts";

/** A repository in which models are described: its pull requests and its files at a commit. */
export interface ModelRepository {
  /** Name, number, default branch and its tip. */
  about(): Promise<RepositoryFacts>;
  openPullRequests(): Promise<readonly PullRequestFacts[]>;
  /** undefined when there is no such pull request. */
  pullRequest(number: number): Promise<PullRequestFacts | undefined>;
  /** Paths that the pull request changes between its merge base and its head; renames count as both. */
  changedFiles(number: number): Promise<readonly string[]>;
  /** A file at a commit, at most 1 MiB; undefined when there is none. */
  file(commit: CommitSha, path: string): Promise<string | undefined>;
}

export interface RepositoryFacts {
  readonly id: number;
  readonly name: RepositoryName;
  readonly defaultBranch: string;
  /** The tip of the default branch. */
  readonly head: CommitSha;
}

export interface PullRequestFacts {
  readonly number: number;
  readonly title: string;
  readonly author: string;
  readonly state: "open" | "closed";
  readonly merged: boolean;
  readonly draft: boolean;
  readonly head: CommitSha;
  /** The branch it wants to be merged into, and the tip of that branch when the pull request was last seen. */
  readonly base: { readonly ref: string; readonly sha: CommitSha };
  /** The number of the repository that holds the head branch; another one's is a fork. */
  readonly headRepositoryId: number | null;
}
