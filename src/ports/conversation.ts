import type { Instant } from "#domain/model/time.ts";

/** Comments on the pull requests of a model repository, and our answers to them. */
export interface Conversation {
  /** Comments made or edited since then, oldest first, ours left out. */
  since(moment: Instant): Promise<readonly CommentFacts[]>;
  /** A comment as it is now; undefined when it is gone. */
  comment(id: number): Promise<CommentFacts | undefined>;
  /** Whether we have answered there; only ever stops a second answer. */
  answered(place: AnswerPlace): Promise<boolean>;
  /** Posts the answer, marked so that `answered` finds it; what we answered there before is made to say this. */
  answer(place: AnswerPlace, body: string): Promise<void>;
  /** Best effort: a reaction is never load-bearing. */
  react(comment: CommentFacts, reaction: Reaction): Promise<void>;
}

/** What is answered on a pull request: a comment, by its number, or what else was asked there, by a name of its own. */
export interface AnswerPlace {
  readonly id: number | string;
  readonly pullRequest: number;
  /** No answer is older than this. */
  readonly createdAt?: Instant;
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
