import type { Instant } from "#domain/model/time.ts";

/** Comments on the pull requests of a model repository, and our answers to them. */
export interface Conversation {
  /** Comments made or edited since then, oldest first, ours left out. */
  since(moment: Instant): Promise<readonly CommentFacts[]>;
  /** A comment as it is now; undefined when it is gone. */
  comment(id: number): Promise<CommentFacts | undefined>;
  /** Whether we have answered this comment; only ever stops a second answer. */
  answered(comment: CommentFacts): Promise<boolean>;
  /** Posts the answer to a comment, marked so that `answered` finds it. */
  answer(comment: CommentFacts, body: string): Promise<void>;
  /** Best effort: a reaction is never load-bearing. */
  react(comment: CommentFacts, reaction: Reaction): Promise<void>;
}

export type Reaction = "eyes" | "rocket" | "-1" | "confused";

export interface CommentFacts {
  readonly id: number;
  readonly pullRequest: number;
  readonly author: string;
  readonly byBot: boolean;
  readonly body: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}
