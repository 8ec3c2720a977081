import { z } from "zod";
import type { AnswerPlace, CommentFacts, Conversation } from "#ports/conversation.ts";
import type { Log } from "#ports/log.ts";
import type { GitHubAccess, Permissions } from "./github-client.ts";
import { instant } from "./instant.ts";
import { type Comment, commentSchema, isOurs, type MarkedComment, markedComments, removeComments, settleComment } from "./own-comments.ts";

const readPermissions = { issues: "read", pull_requests: "read" } as const satisfies Permissions;
const writePermissions = { pull_requests: "write" } as const satisfies Permissions;

/** Questions that begin at the same moment are the same question to GitHub, so a quiet resync gets a 304. */
const sinceGrid = 60 * 60_000;

/** @param repository the model repository, owner/name */
export function conversation(github: GitHubAccess, repository: string, log?: Log): Conversation {
  return {
    async since(moment) {
      const [client, self] = await Promise.all([github.client(repository, readPermissions), github.self()]);
      const from = Date.parse(moment);
      const comments = await client.list(
        "GET /repos/{owner}/{repo}/issues/comments",
        { since: new Date(Math.floor(from / sinceGrid) * sinceGrid).toISOString(), sort: "updated", direction: "asc" },
        { item: commentSchema, conditional: true },
      );
      return comments
        .filter((comment) => Date.parse(comment.updated_at) >= wholeSecond(from) && !isOurs(comment, self))
        .flatMap((comment) => factsOf(comment) ?? []);
    },
    async comment(id) {
      const client = await github.client(repository, readPermissions);
      const found = await client.find("GET /repos/{owner}/{repo}/issues/comments/{comment_id}", { comment_id: id }, commentSchema);
      return found === undefined ? undefined : factsOf(found);
    },
    async answered(place) {
      const [client, self] = await Promise.all([github.client(repository, readPermissions), github.self()]);
      const [oldest, ...later] = await markedComments(client, self, answerTo(place));
      // A replica that died between its answer and its look at what others had answered left two, and nobody answers again.
      if (later.length > 0) await removeComments(await github.client(repository, writePermissions), later);
      return oldest !== undefined;
    },
    async answer(place, body) {
      const [client, self] = await Promise.all([github.client(repository, writePermissions), github.self()]);
      await settleComment(client, self, answerTo(place), body);
    },
    async react(comment, reaction) {
      try {
        const client = await github.client(repository, writePermissions);
        await client.write(
          "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
          { comment_id: comment.id, content: reaction },
          z.unknown(),
        );
      } catch (error) {
        log?.warn("reaction not placed", { repository, comment: comment.id, why: error instanceof Error ? error.message : String(error) });
      }
    },
  };
}

function answerTo({ pullRequest, id, createdAt }: AnswerPlace): MarkedComment {
  return { pullRequest, marker: `<!-- slipway:answer ${id} -->`, ...(createdAt !== undefined && { since: createdAt }) };
}

/** undefined when the comment is on an issue. GitHub tells the two apart by the page alone. */
function factsOf(comment: Comment): CommentFacts | undefined {
  const [, pullRequest] = /\/pull\/(\d+)#/.exec(comment.html_url) ?? [];
  if (pullRequest === undefined) return undefined;
  return {
    id: comment.id,
    pullRequest: Number(pullRequest),
    author: comment.user?.login ?? "ghost",
    byBot: comment.user?.type === "Bot",
    body: comment.body ?? "",
    createdAt: instant(comment.created_at),
    updatedAt: instant(comment.updated_at),
  };
}

/** GitHub's times have no fraction: a comment of this second is not before it. */
function wholeSecond(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000;
}
