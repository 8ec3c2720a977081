import type { CommitSha } from "#domain/model/names.ts";

/** Slipway's own pull requests in the environments repository. One per branch, whatever happens. */
export interface Proposals {
  /** The pull request of a branch, open or closed; undefined when there was never one. */
  find(branch: string): Promise<Proposal | undefined>;
  open(proposal: { readonly branch: string; readonly title: string; readonly body: string }): Promise<Proposal>;
  /** Merges with a merge commit if the head is still the one named. */
  merge(number: number, expectedHead: CommitSha): Promise<MergeOutcome>;
}

export interface Proposal {
  readonly number: number;
  readonly head: CommitSha;
  readonly state: "open" | "merged" | "closed";
}

export type MergeOutcome = { readonly kind: "merged" } | { readonly kind: "blocked"; readonly reason: string };
