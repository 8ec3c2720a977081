import { policyIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { ListedRun, RunAttempt } from "#domain/evidence/listed-run.ts";
import { type CommitSha, type RepositoryName, short } from "#domain/model/names.ts";
import { type Instant, millisecondsBetween, printDuration } from "#domain/model/time.ts";
import { mayUse, type Person } from "#domain/policy/permission.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { printProblem } from "#domain/text/problem.ts";
import type { PullRequestSituation } from "./deploy-request.ts";
import { type EvaluateCommand, evaluate, printEvaluate } from "./evaluate.ts";
import { commandLifetime } from "./unfit-comment.ts";

/** All that a repeated evaluation is decided on. */
export interface EvaluateRequest {
  readonly command: EvaluateCommand;
  readonly asked: EvaluateAsked;
  readonly now: Instant;
  readonly person: Person;
  readonly repository: { readonly id: number; readonly name: RepositoryName };
  readonly pullRequest: PullRequestSituation;
  readonly changesModel: boolean;
  /** Every run of the pull request's head. */
  readonly runs: readonly ListedRun[];
  readonly snapshot: EnvironmentsSnapshot;
}

/** A comment has a time. A button has none: it is bound to the newest attempt that was evaluated when it was offered. */
export type EvaluateAsked =
  | { readonly by: "comment"; readonly createdAt: Instant; readonly updatedAt: Instant }
  | { readonly by: "button"; readonly newest: RunAttempt | null };

export type EvaluateDecision =
  /** `running`: an attempt is younger than what asked for it, so it was carried out, by whomever, and is not carried out again. */
  { readonly kind: "run-again" | "running"; readonly run: number; readonly attempt: number; readonly sha: CommitSha } | EvaluateRefusal;

export interface EvaluateRefusal {
  readonly kind: "refuse";
  readonly code: EvaluateRefusalCode;
  /** What and why; plain text. */
  readonly message: string;
  /** Who can change it, where it knows better than the registry of reasons. */
  readonly who?: string;
  readonly nextLine?: string;
}

export const evaluateRefusalCodes = [
  "comment-edited",
  "comment-too-old",
  "policy-unreadable",
  "closed-unmerged",
  "no-role",
  "no-model-changed",
  "fork-head",
  "head-moved",
  "no-trusted-run",
  "run-under-way",
  "run-awaits-approval",
  "pushed-after-comment",
] as const;
export type EvaluateRefusalCode = (typeof evaluateRefusalCodes)[number];

const fullLength = 40;

/** Whether the head's evaluation is run again, and if not, why. Nothing that decides about a release is written: evidence alone is made anew. */
export function decideEvaluate(request: EvaluateRequest): EvaluateDecision {
  const { asked, pullRequest, command, now, changesModel, snapshot } = request;
  const line = printEvaluate(command.sha);
  if (asked.by === "comment" && asked.updatedAt !== asked.createdAt)
    return refuse(
      "comment-edited",
      "The comment was edited after it was posted, and an edited command is not executed. Post it anew.",
      line,
    );
  const policy = policyIn(snapshot);
  if (policy.kind === "invalid") {
    const [first] = policy.problems;
    const where = first === undefined ? "" : `: ${printProblem(first)}`;
    return refuse(
      "policy-unreadable",
      `The policy cannot be read, so which workflow is trusted is not known${where}. A platform engineer mends it.`,
    );
  }
  if (pullRequest.state === "closed" && !pullRequest.merged)
    return refuse(
      "closed-unmerged",
      "This pull request was closed without being merged, so nothing of it is evaluated. Reopen it first.",
      `gh pr reopen ${pullRequest.number}`,
    );
  const barred = withoutRole(request, policy.value);
  if (barred !== undefined) return barred;
  if (!changesModel) return refuse("no-model-changed", "This pull request changes no model, so there is nothing to evaluate.");
  const moved = fromFork(request) ?? anotherHead(request);
  if (moved !== undefined) return moved;

  const run = trustedRun(request, policy.value);
  if (run === undefined) return withoutRun(request, policy.value);
  const sha = pullRequest.head;
  if (carriedOut(asked, run)) return { kind: "running", run: run.id, attempt: run.attempt, sha };
  if (asked.by === "comment" && millisecondsBetween(asked.createdAt, now) > commandLifetime)
    return refuse(
      "comment-too-old",
      `The comment is older than ${printDuration(commandLifetime)}, so it was not executed. Post it anew.`,
      line,
    );
  return notRepeatable(request, run) ?? { kind: "run-again", run: run.id, attempt: run.attempt + 1, sha };
}

function carriedOut(asked: EvaluateAsked, run: ListedRun): boolean {
  if (asked.by === "comment") return run.attempt > 1 && millisecondsBetween(asked.createdAt, run.startedAt) >= 0;
  const { newest } = asked;
  return newest === null ? run.attempt > 1 : run.id > newest.run || (run.id === newest.run && run.attempt > newest.attempt);
}

function withoutRole({ person }: EvaluateRequest, policy: Policy): EvaluateRefusal | undefined {
  const permission = mayUse(policy, { command: evaluate.name, environment: null, role: evaluate.role }, person);
  if (permission.kind === "allowed") return undefined;
  const who = permission.who === null ? "The policy gives nobody that right" : `That is for ${permission.who}`;
  return refuse(
    "no-role",
    `${person.login} may not have this evaluated again. ${who}; who may push can run the workflow again on GitHub.`,
    undefined,
    permission.who ?? undefined,
  );
}

/** What a stranger pushes runs only for a person who has read that commit and says which. */
function fromFork({ pullRequest, repository, command }: EvaluateRequest): EvaluateRefusal | undefined {
  if (pullRequest.headRepositoryId === repository.id || command.sha?.length === fullLength) return undefined;
  return refuse(
    "fork-head",
    `The head of this pull request is not in ${repository.name}. Read the commit, then spell it out in full; GitHub gives its run no token, so what it measures is shown and never gates.`,
    printEvaluate(pullRequest.head),
  );
}

function anotherHead({ pullRequest, command }: EvaluateRequest): EvaluateRefusal | undefined {
  if (command.sha === null || pullRequest.head.startsWith(command.sha)) return undefined;
  const now = short(pullRequest.head);
  return refuse(
    "head-moved",
    `You mean ${command.sha.slice(0, 12)}, but the head of this pull request is ${now} now; only the head is evaluated.`,
    printEvaluate(now),
  );
}

/** The newest run of the head that calls a workflow that the policy trusts. */
function trustedRun({ runs }: EvaluateRequest, { trustedWorkflows }: Policy): ListedRun | undefined {
  const trusted = new Set(trustedWorkflows.map(({ workflow }) => workflow.toLowerCase()));
  return runs
    .filter(({ event, calls }) => event === "pull_request" && calls.some((workflow) => trusted.has(workflow.toLowerCase())))
    .toSorted((a, b) => b.id - a.id)[0];
}

function withoutRun({ pullRequest, repository }: EvaluateRequest, { trustedWorkflows }: Policy): EvaluateRefusal {
  const head = short(pullRequest.head);
  const names = trustedWorkflows.map(({ workflow }) => workflow);
  if (names.length === 0)
    return refuse("no-trusted-run", "The policy trusts no workflow. A platform engineer adds trustedWorkflows to .slipway/policy.yaml.");
  return refuse(
    "no-trusted-run",
    `No run of ${head} for a pull request calls a workflow that the policy trusts, so there is none to repeat. Somebody who may push adds .github/workflows/slipway.yml to ${repository.name}, on pull_request, with a job that uses ${names.join(" or ")} (docs/action.md); a workflow that was added later runs at the next push.`,
  );
}

/** GitHub dates a run itself: one that is older than the comment proves that its head was the head when the comment was written. */
function notRepeatable({ pullRequest, command, asked }: EvaluateRequest, run: ListedRun): EvaluateRefusal | undefined {
  const head = short(pullRequest.head);
  if (run.state === "under-way")
    return refuse("run-under-way", `Run ${run.id} of ${head} is still under way (attempt ${run.attempt}); its report comes by itself.`);
  if (run.state === "awaits-approval")
    return refuse(
      "run-awaits-approval",
      `Run ${run.id} of ${head} waits on GitHub for somebody who may push to approve it; it was never started.`,
    );
  if (command.sha?.length === fullLength || asked.by === "button" || millisecondsBetween(run.createdAt, asked.createdAt) > 0)
    return undefined;
  return refuse(
    "pushed-after-comment",
    `${head} was pushed when or after you wrote, so which commit you meant is not known. Look at it before you have it evaluated.`,
    printEvaluate(head),
  );
}

function refuse(code: EvaluateRefusalCode, message: string, nextLine?: string, who?: string): EvaluateRefusal {
  return { kind: "refuse", code, message, ...(nextLine !== undefined && { nextLine }), ...(who !== undefined && { who }) };
}
