import { z } from "zod";
import { createOnce } from "./create-once.ts";
import type { GitHubClient, Self } from "./github-client.ts";
import { isMissing } from "./github-unavailable.ts";
import { refuseLongBody } from "./refuse-long-body.ts";

/** A comment, as far as it is looked at. */
export const commentSchema = z.object({
  id: z.number().int(),
  body: z.string().nullish(),
  html_url: z.string(),
  issue_url: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  user: z.object({ login: z.string(), type: z.string() }).nullable(),
  performed_via_github_app: z.object({ id: z.number() }).nullish(),
});
export type Comment = z.infer<typeof commentSchema>;

/** The App's own, by its id; hosts that do not tell it (old GitHub Enterprise) are asked for our bot user. A marker alone proves nothing: anybody can paste it. */
export function isOurs(written: Pick<Comment, "performed_via_github_app" | "user">, self: Self): boolean {
  const app = written.performed_via_github_app;
  return app === undefined || app === null || self.appId === undefined ? written.user?.login === self.login : app.id === self.appId;
}

export interface MarkedComment {
  readonly pullRequest: number;
  /** An HTML comment that the body starts with. */
  readonly marker: string;
  /** ISO 8601: it cannot have been written before. */
  readonly since?: string;
}

/** Our comments with this marker, oldest first. */
export async function markedComments(
  client: GitHubClient,
  self: Self,
  { pullRequest, marker, since }: MarkedComment,
): Promise<readonly Comment[]> {
  const comments = await client.list(
    "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
    { issue_number: pullRequest, ...(since === undefined ? {} : { since }) },
    { item: commentSchema },
  );
  return comments.filter((comment) => isOurs(comment, self) && (comment.body ?? "").startsWith(marker)).toSorted((a, b) => a.id - b.id);
}

/**
 * Makes the one comment with this marker say this. The oldest is edited, so links to it stay good, and is right before later ones are
 * removed. After a create it looks once more: a replica that did the same at the same time may have been first.
 */
export async function settleComment(client: GitHubClient, self: Self, place: MarkedComment, text: string): Promise<void> {
  const body = `${place.marker}\n${text}`;
  refuseLongBody(body, `the comment on #${place.pullRequest}`);
  const look = () => markedComments(client, self, place);

  const found = await createOnce({
    look: async () => nonEmpty(await look()),
    create: async () => {
      await client.write(
        "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
        { issue_number: place.pullRequest, body },
        commentSchema,
        "content",
      );
      return await look();
    },
  });

  const [oldest, ...later] = found;
  if (oldest !== undefined && !sameText(oldest.body, body)) {
    await client.write("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", { comment_id: oldest.id, body }, commentSchema);
  }
  await removeComments(client, later);
}

/** Comments that double an older one. */
export async function removeComments(client: GitHubClient, comments: readonly Comment[]): Promise<void> {
  for (const { id } of comments) await removeComment(client, id);
}

/** A replica that saw the same duplicates may have been faster. */
async function removeComment(client: GitHubClient, id: number): Promise<void> {
  try {
    await client.write("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", { comment_id: id }, z.unknown());
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function nonEmpty<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length === 0 ? undefined : items;
}

/** GitHub trims what it stores, and browsers edit with other line ends. */
export function sameText(stored: string | null | undefined, wanted: string): boolean {
  const plain = (text: string) => text.replaceAll("\r\n", "\n").trimEnd();
  return plain(stored ?? "") === plain(wanted);
}
