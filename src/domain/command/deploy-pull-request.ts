import { mayUse } from "#domain/policy/permission.ts";
import { type DeployRefusal, refuse } from "./deploy-refusal.ts";
import type { PlacedRequest } from "./deploy-request.ts";
import { commandNamed } from "./registry.ts";

/** Why this pull request, or this person, may deploy nothing to that environment; undefined when nothing speaks against it. */
export function pullRequestRefusal(request: PlacedRequest): DeployRefusal | undefined {
  for (const [, refusal] of pullRequestStages) {
    const refused = refusal(request);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** What a pull request and the person are asked first, in this order. */
export const pullRequestStages: readonly (readonly [question: string, refusal: (request: PlacedRequest) => DeployRefusal | undefined])[] = [
  ["repository and base are the policy's", judgedUnfit],
  ["the head is in this repository", fromFork],
  ["it was not closed unmerged", closedUnmerged],
  ["it is no draft", stillDraft],
  ["it is merged, where that is asked for", stillOpen],
  ["you have the role", withoutRole],
];

export function judgedUnfit({ judgement }: PlacedRequest): DeployRefusal | undefined {
  const [first] = judgement.refusals;
  return first && refuse(first.code, first.message);
}

export function fromFork({ pullRequest, repository }: PlacedRequest): DeployRefusal | undefined {
  if (pullRequest.headRepositoryId === repository.id) return undefined;
  return refuse(
    "fork-head",
    `The head of this pull request is not in ${repository.name}: nothing is released from a fork. Someone who may push opens it from a branch there.`,
  );
}

export function closedUnmerged({ pullRequest }: PlacedRequest): DeployRefusal | undefined {
  if (pullRequest.merged || pullRequest.state === "open") return undefined;
  return refuse(
    "closed-unmerged",
    "This pull request was closed without being merged, so it releases nothing. Reopen it first.",
    `gh pr reopen ${pullRequest.number}`,
  );
}

export function stillOpen({ pullRequest, environment, policy }: PlacedRequest): DeployRefusal | undefined {
  if (pullRequest.merged) return undefined;
  if (environment.from === "pull-request") return undefined;
  const open = policy.environments.filter(({ from }) => from === "pull-request").map(({ name }) => name);
  const instead = open.length === 0 ? "" : ` Before that it can go to ${open.join(" or ")}.`;
  return refuse(
    "not-merged",
    `${environment.name} takes only what is merged, and this pull request is open: merge it, then deploy.${instead}`,
  );
}

export function stillDraft({ pullRequest }: PlacedRequest): DeployRefusal | undefined {
  if (!pullRequest.draft || pullRequest.merged) return undefined;
  return refuse(
    "draft",
    `This pull request is a draft: it is evaluated, and nothing of it is released. ${pullRequest.author}, or who may push, marks it ready for review, on its page or by this line in a terminal, and then asks again.`,
    `gh pr ready ${pullRequest.number}`,
    `${pullRequest.author}, or who may push`,
  );
}

/** Who may merge is GitHub's matter: where the policy says onMerge, the merge is the word. */
function withoutRole({ trigger, comment, standing, owners, policy, command }: PlacedRequest): DeployRefusal | undefined {
  if (trigger.kind === "merge") return undefined;
  const use = { command: command.kind, environment: command.environment, role: commandNamed(command.kind)?.role ?? "deployer" };
  const permission = mayUse(policy, use, { login: comment.author, standing, owners });
  if (permission.kind === "allowed") return undefined;
  const who = permission.who === null ? "Nobody has that role in the policy" : `That is for ${permission.who}`;
  return refuse(
    "not-a-deployer",
    `${comment.author} may not deploy to ${command.environment}. ${who}.`,
    undefined,
    permission.who ?? undefined,
  );
}
