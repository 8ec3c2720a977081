import { short } from "#domain/model/names.ts";
import type { PullRequestSituation } from "./deploy-request.ts";

/**
 * What became of a pull request while a command on it was decided: a sentence, or undefined when it is as it was. Asked right before the first
 * write, so that neither a push nor a retargeting slips in between looking and acting; what was decided is then not tried again by itself.
 */
export function pullRequestMoved(decidedOn: PullRequestSituation, now: PullRequestSituation | undefined): string | undefined {
  if (now === undefined) return "The pull request is gone";
  if (now.head !== decidedOn.head) return `The head moved from ${short(decidedOn.head)} to ${short(now.head)}`;
  if (now.base.ref !== decidedOn.base.ref) return "The pull request was given another base";
  if (now.merged !== decidedOn.merged || now.state !== decidedOn.state) return `The pull request was ${now.merged ? "merged" : now.state}`;
  if (now.draft && !decidedOn.draft) return "The pull request was turned into a draft";
  return undefined;
}
