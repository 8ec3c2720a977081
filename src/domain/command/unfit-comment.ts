import { type Instant, millisecondsBetween, printDuration } from "#domain/model/time.ts";
import type { CommentSituation } from "./deploy-request.ts";

/** A command that is handled later is answered, not executed: the world its author saw is gone. */
export const commandLifetime = 30 * 60_000;

export interface UnfitComment {
  readonly code: "comment-edited" | "comment-too-old";
  readonly message: string;
}

/** Why a comment is not executed, whatever it says (invariants 1 and 3); undefined when it may be. */
export function unfitComment({ createdAt, updatedAt }: CommentSituation, now: Instant): UnfitComment | undefined {
  if (updatedAt !== createdAt) {
    const message = "The comment was edited after it was posted, and an edited command is not executed. Post it anew.";
    return { code: "comment-edited", message };
  }
  if (millisecondsBetween(createdAt, now) <= commandLifetime) return undefined;
  const limit = printDuration(commandLifetime);
  const message = `The comment is older than ${limit}, and what it was based on may have changed, so it was not executed. Post it anew.`;
  return { code: "comment-too-old", message };
}
