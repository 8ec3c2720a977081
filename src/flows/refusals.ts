import { type AskedLine, type Refused, refusedAnswer } from "#domain/command/refusal-reasons.ts";
import type { Answer } from "#domain/report/answer-view.ts";

export const commentDeleted: Refused = { code: "comment-deleted", message: "The comment was deleted, so it was not executed." };

/** @param moved what became of the pull request, as a sentence without its end */
export function pullRequestChanged(asked: AskedLine, moved: string): Answer {
  return refusedAnswer(asked, { code: "pull-request-changed", message: `${moved} while the command was decided, so nothing was written.` });
}

export function refusedByHost(asked: AskedLine, message: string): Answer {
  return refusedAnswer(asked, { code: "push-refused", message: `The environments repository refuses the commit: ${message}` });
}
