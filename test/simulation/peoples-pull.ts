import type { CommitSha } from "#domain/model/names.ts";
import type { WrittenPolicy } from "./simulated-texts.ts";

/** A pull request of the model repository, as people made it. */
export interface PeoplesPull {
  readonly number: number;
  readonly branch: string;
  readonly state: "open" | "closed" | "merged";
  readonly base: string;
  readonly author: string;
  readonly fork: boolean;
  readonly draft: boolean;
  /** Oldest first; the last is the head. */
  readonly heads: readonly CommitSha[];
}

export interface PeoplesMerge {
  readonly pull: number;
  readonly commit: CommitSha;
  readonly underPolicy: WrittenPolicy;
}

export interface PeoplesClick {
  readonly pull: number;
  readonly head: string;
  readonly check: number;
  readonly action: string;
  readonly by: string;
}
