import { policyIn } from "#domain/environment/read-snapshot.ts";
import type { CommitSha, Digest, EnvironmentName, ModelName, ReleaseId, VersionRef } from "#domain/model/names.ts";
import { environmentOrder, environmentRules } from "#domain/policy/environments.ts";
import type { Policy } from "#domain/policy/policy.ts";
import type { JudgedEvidence } from "#domain/report/judgement.ts";
import { releaseId } from "#domain/rollout/release.ts";
import { nearest } from "#domain/text/nearest.ts";
import { printProblem } from "#domain/text/problem.ts";
import { printDeploy } from "./deploy.ts";
import { environmentRefusal } from "./deploy-environment.ts";
import { passingModel } from "./deploy-model.ts";
import { pullRequestRefusal } from "./deploy-pull-request.ts";
import { type DeployRefusal, refuse } from "./deploy-refusal.ts";
import type { DeployRequest } from "./deploy-request.ts";
import { headMeantBy } from "./deploy-sha.ts";
import { readState } from "./read-state.ts";
import { printTrigger } from "./trigger.ts";
import { unfitComment } from "./unfit-comment.ts";

export type DeployDecision = DeployStart | DeployRefusal | { readonly kind: "ignore"; readonly code: "by-bot" | "already-executed" };

export interface DeployStart {
  readonly kind: "start";
  readonly release: ReleaseId;
  readonly model: ModelName;
  readonly environment: EnvironmentName;
  readonly sha: CommitSha;
  readonly candidate: VersionRef;
  /** What the canary runs beside; null when the environment has no version of this model yet. */
  readonly live: VersionRef | null;
  readonly evidence: JudgedEvidence;
  /** The release that is ended first. */
  readonly supersedes: ReleaseId | null;
  /** The commit whose policy allowed it. */
  readonly policy: CommitSha;
}

/** Whether a deploy starts, and if not, why. The most fundamental reason comes first; each stage rests on the ones before it. */
export function decideDeploy(request: DeployRequest): DeployDecision {
  if (request.comment.byBot) return { kind: "ignore", code: "by-bot" };
  if (request.executed) return { kind: "ignore", code: "already-executed" };

  const stale = staleComment(request);
  if (stale !== undefined) return stale;
  const policy = policyIn(request.snapshot);
  if (policy.kind === "invalid") {
    const [first] = policy.problems;
    return refuse(
      "policy-unreadable",
      `The policy cannot be read, so nobody may deploy: ${first === undefined ? "" : printProblem(first)}. A platform engineer mends it.`,
    );
  }
  const environment = environmentRules(policy.value, request.command.environment);
  if (environment === undefined) return unknownEnvironment(request, policy.value);
  const placed = { ...request, policy: policy.value, environment };

  const barred = pullRequestRefusal(placed);
  if (barred !== undefined) return barred;
  const head = headMeantBy(placed);
  if (head.kind === "refuse") return head;
  const passing = passingModel(placed);
  if (passing.kind === "refuse") return passing;
  const read = readState(placed, passing);
  if (read.kind === "refuse") return read;
  const blocked = environmentRefusal(placed, passing, read.state);
  if (blocked !== undefined) return blocked;

  const { model, candidate, evidence } = passing;
  return {
    kind: "start",
    release: deployedRelease(request, model, candidate.digest),
    model,
    environment: environment.name,
    sha: head.sha,
    candidate,
    live: read.state === null ? null : { version: read.state.live.version, digest: read.state.live.digest },
    evidence,
    supersedes: read.state?.release?.id ?? null,
    policy: request.snapshot.head,
  };
}

/** The same trigger starts it once, ever (invariant 9). */
function deployedRelease({ trigger, command }: DeployRequest, model: ModelName, digest: Digest): ReleaseId {
  return releaseId(printTrigger(trigger), command.environment, model, digest);
}

/** A click is bound to what it was offered on, and a merge is a fact: neither can be edited, and what they rest on is judged anew. */
function staleComment({ trigger, comment, command, now }: DeployRequest): DeployRefusal | undefined {
  if (trigger.kind !== "comment") return undefined;
  const unfit = unfitComment(comment, now);
  return unfit && refuse(unfit.code, unfit.message, printDeploy(command));
}

function unknownEnvironment({ command }: DeployRequest, policy: Policy): DeployRefusal {
  const names = environmentOrder(policy);
  const meant = names.find((name) => name === nearest(command.environment, names));
  const line = meant === undefined ? undefined : printDeploy({ ...command, environment: meant });
  return refuse("unknown-environment", `The policy has no environment ${command.environment}; it has ${names.join(", ")}.`, line);
}
