import { type Instant, instantOf } from "#domain/model/time.ts";
import type { CommentFacts, Conversation, Reaction } from "#ports/conversation.ts";

export interface Said {
  readonly pullRequest: number;
  readonly author: string;
  readonly body: string;
  /** A moment of the fake's own when not given: each is a second after the last. */
  readonly at?: Instant;
  readonly byBot?: boolean;
}

export interface FakeConversation extends Conversation {
  say(said: Said): CommentFacts;
  edit(id: number, body: string, at?: Instant): void;
  remove(id: number): void;
  /** Our answers to a comment. */
  answersTo(id: number | string): readonly string[];
  reactionsTo(id: number): readonly Reaction[];
}

const firstMoment = Date.parse("2026-11-20T08:00:00.000Z");

export function fakeConversation(): FakeConversation {
  const comments = new Map<number, CommentFacts>();
  const answers = new Map<number | string, string>();
  const reactions = new Map<number, Set<Reaction>>();
  let last = 0;
  const moment = () => instantOf(firstMoment + last * 1000);
  return {
    async since(from) {
      return [...comments.values()].filter(({ updatedAt }) => updatedAt >= from).toSorted((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));
    },
    comment: async (id) => comments.get(id),
    answered: async ({ id }) => answers.has(id),
    async answer({ id }, body) {
      answers.set(id, body);
    },
    async react({ id }, reaction) {
      reactions.set(id, (reactions.get(id) ?? new Set()).add(reaction));
    },
    say({ pullRequest, author, body, at, byBot = false }) {
      last += 1;
      const createdAt = at ?? moment();
      const comment: CommentFacts = { id: last, pullRequest, author, byBot, body, createdAt, updatedAt: createdAt };
      comments.set(comment.id, comment);
      return comment;
    },
    edit(id, body, at) {
      const comment = comments.get(id);
      if (comment === undefined) throw new Error(`there is no comment ${id}`);
      last += 1;
      comments.set(id, { ...comment, body, updatedAt: at ?? moment() });
    },
    remove: (id) => void comments.delete(id),
    answersTo: (id) => [answers.get(id)].filter((text) => text !== undefined),
    reactionsTo: (id) => [...(reactions.get(id) ?? [])],
  };
}
