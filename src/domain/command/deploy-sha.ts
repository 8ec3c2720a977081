import { type CommitSha, short } from "#domain/model/names.ts";
import { millisecondsBetween } from "#domain/model/time.ts";
import { referenceEnvironment } from "#domain/policy/environments.ts";
import { printDeploy } from "./deploy.ts";
import { type DeployRefusal, refuse } from "./deploy-refusal.ts";
import type { PlacedRequest, RecordedEvaluation } from "./deploy-request.ts";
import type { ShaPrefix } from "./sha-prefix.ts";

const fullLength = 40;

/**
 * The head that the command means, or why it means none (invariant 3). It was evaluated, and it is still the head: so neither a push between the
 * comment and now nor one that is made to look alike is deployed in its place.
 */
export function headMeantBy(request: PlacedRequest): { readonly kind: "head"; readonly sha: CommitSha } | DeployRefusal {
  const { command, environment, policy } = request;
  if (command.sha === null && referenceEnvironment(policy).name === environment.name) {
    return refuse(
      "sha-required",
      `${environment.name} is the environment that others are compared with: spell out the commit that you mean.`,
      lineForHead(request),
    );
  }
  return headNamedBy(request);
}

/** What is read to tell which commit a command means. */
export type HeadRequest = Pick<PlacedRequest, "command" | "pullRequest" | "judgement" | "evaluations" | "comment">;

/** The same wherever the newest evaluation before the comment may be meant. */
export function headNamedBy(request: HeadRequest): Meant {
  const { command, pullRequest, judgement } = request;
  const meant = command.sha === null ? newestBefore(request) : lookedUp(request, command.sha);
  if (meant.kind === "refuse") return meant;
  if (meant.sha !== pullRequest.head || meant.sha !== judgement.head) {
    const head = lineForHead(request);
    const next = head === undefined ? "It is not evaluated yet; wait for its report." : "Look at its report before you deploy it.";
    return refuse(
      "head-moved",
      `You mean ${short(meant.sha)}, but the head of this pull request is ${short(pullRequest.head)} now. ${next}`,
      head,
    );
  }
  return meant;
}

/** What to type to mean the head as it is now; undefined while it is not evaluated. */
function lineForHead({ command, evaluations, pullRequest }: HeadRequest): string | undefined {
  const evaluated = evaluations.some(({ sha }) => sha === pullRequest.head);
  return evaluated ? printDeploy({ ...command, sha: short(pullRequest.head) }) : undefined;
}

type Meant = { readonly kind: "head"; readonly sha: CommitSha } | DeployRefusal;

function newestBefore(request: HeadRequest): Meant {
  const [first, ...others] = before(request);
  if (first === undefined) return notEvaluated("No commit of this pull request was evaluated before your comment.", request);
  const newest = others.reduce((best, next) => (millisecondsBetween(best.evaluatedAt, next.evaluatedAt) >= 0 ? next : best), first);
  return { kind: "head", sha: newest.sha };
}

/**
 * A commit in full means itself. A shorter one is looked up among what the author of the comment could see, since a commit that begins alike can
 * be made afterwards.
 */
function lookedUp(request: HeadRequest, prefix: ShaPrefix): Meant {
  const candidates = prefix.length === fullLength ? request.evaluations : before(request);
  const [only, ...others] = new Set(candidates.map(({ sha }) => sha).filter((sha) => sha.startsWith(prefix)));
  if (only === undefined) return notEvaluated(`No commit ${prefix} of this pull request was evaluated before your comment.`, request);
  if (others.length === 0) return { kind: "head", sha: only };
  return refuse(
    "sha-ambiguous",
    `${others.length + 1} evaluated commits of this pull request begin with ${prefix}: write more of the one that you mean.`,
    lineForHead(request),
  );
}

function before({ evaluations, comment }: HeadRequest): readonly RecordedEvaluation[] {
  return evaluations.filter(({ evaluatedAt }) => millisecondsBetween(evaluatedAt, comment.createdAt) > 0);
}

function notEvaluated(what: string, request: HeadRequest): DeployRefusal {
  const line = lineForHead(request);
  const next =
    line === undefined ? "Wait for the report on the head." : "The head is evaluated now; look at its report before you deploy it.";
  return refuse("sha-not-evaluated", `${what} ${next}`, line);
}
