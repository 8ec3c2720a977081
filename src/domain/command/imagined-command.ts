import { type Hold, printHold } from "#domain/environment/hold.ts";
import { printLock } from "#domain/environment/lock.ts";
import { freezePath, holdPath, lockPath, statePath } from "#domain/environment/paths.ts";
import { stateIn } from "#domain/environment/read-snapshot.ts";
import { printState } from "#domain/environment/state.ts";
import { hexOf, loginSchema, type ModelName, type VersionRef } from "#domain/model/names.ts";
import { addMilliseconds } from "#domain/model/time.ts";
import { printFreezeFile } from "#domain/policy/freeze-file.ts";
import type { Policy } from "#domain/policy/policy.ts";
import type { CommandDecision } from "./command-decision.ts";
import { decideCommand } from "./decide-command.ts";
import { type DeployDecision, decideDeploy } from "./decide-deploy.ts";
import { decideEvaluate, type EvaluateDecision, type EvaluateRequest } from "./decide-evaluate.ts";
import { decideReleaseCommand } from "./decide-release-command.ts";
import type { DeployRequest } from "./deploy-request.ts";
import type { EvaluateCommand } from "./evaluate.ts";
import { failingGate, failingGateName, imaginedCandidate, imaginedHead, imaginedLive } from "./imagined-deploy.ts";
import { imaginedStanding, imaginedState, onItsWay, type Situation } from "./imagined-release.ts";
import type { Command } from "./registry.ts";
import type { CommandRequest } from "./release-request.ts";
import { shaPrefixSchema } from "./sha-prefix.ts";

/** A command on a version for which everything else speaks, in a world that somebody imagines. */
export interface ImaginedCommand {
  readonly command: ChangingCommand;
  /** The world: a deploy of the version there. */
  readonly deploy: DeployRequest;
  readonly policy: Policy;
  readonly model: ModelName;
  /** How the model's release stands there; what speaks for the command when left out. */
  readonly situation?: Situation;
}

export type ChangingCommand = Exclude<Command, { readonly kind: "help" | "status" | "explain" }>;

/** What is decided on it, by the very functions that decide it for real. */
export function decideImagined({
  command,
  deploy,
  policy,
  model,
  situation = usualSituation(command),
}: ImaginedCommand): CommandDecision | DeployDecision | EvaluateDecision {
  if (command.kind === "deploy" || command.kind === "promote") return decideDeploy({ ...withRelease(deploy, model, situation), command });
  if (command.kind === "evaluate") return decideEvaluate(evaluateRequest(deploy, policy, command));
  const request = commandRequest(deploy, model, situation, command);
  const version = { ...deploy, judgement: command.kind === "override" ? failingGate(deploy.judgement) : deploy.judgement };
  return decideCommand(
    { ...request, command },
    () => version,
    (placed) => {
      const state = stateIn(request.snapshot, placed.environment.name, model);
      if (state?.kind !== "ok") throw new RangeError("An imagined release has a state.");
      return decideReleaseCommand(placed, imaginedStanding(state.value, situation ?? { phase: "none" }));
    },
  );
}

/** What a command is for: a release that it can act on; undefined where it is about none. */
function usualSituation({ kind }: ChangingCommand): Situation | undefined {
  if (kind === "resume" || kind === "retry") return { phase: "paused" };
  return kind === "pause" || kind === "abort" || kind === "rollback" ? { phase: "progressing" } : undefined;
}

function commandRequest<Asked extends ChangingCommand>(
  deploy: DeployRequest,
  model: ModelName,
  situation: Situation | undefined,
  command: Asked,
): CommandRequest<Asked> {
  const { comment, now, standing, owners, repository, pullRequest, command: asked } = deploy;
  const line = `/slipway ${command.kind} ${asked.environment}`;
  const by = loginSchema.parse(comment.author);
  const { snapshot } = withRelease(deploy, model, situation);
  return {
    command,
    line,
    trigger: { kind: "comment", id: 1 },
    comment,
    now,
    by,
    person: { login: by, standing, owners },
    repository,
    pullRequest: pullRequest.number,
    changed: [model],
    proposed: [{ model, version: imaginedCandidate }],
    snapshot: { ...snapshot, texts: new Map([...snapshot.texts, ...standingFiles(deploy, model, command)]) },
  };
}

function withRelease(deploy: DeployRequest, model: ModelName, situation: Situation | undefined): DeployRequest {
  if (situation === undefined) return deploy;
  const { command, snapshot, now } = deploy;
  const { environment } = command;
  const state = imaginedState({ environment, model, live: imaginedLive, at: now }, situation);
  const held = [...(situation.held ? [onItsWay] : []), ...(situation.liveHeld ? [imaginedLive] : [])];
  const holds = held.map((version) => [holdPath(environment, model, version.digest), printHold(holdOf(deploy, model, version))] as const);
  const texts = new Map([...snapshot.texts, [statePath(environment, model), printState(state)] as const, ...holds]);
  const { record, edit } = imaginedStanding(state, situation);
  return {
    ...deploy,
    snapshot: { ...snapshot, texts },
    openRelease: record && { id: record.id, startedAt: record.startedAt, editedBy: edit?.by },
  };
}

/** What `unhold`, `unlock` and `unfreeze` are about stands there already. */
function standingFiles(deploy: DeployRequest, model: ModelName, command: ChangingCommand): readonly (readonly [string, string])[] {
  const { environment } = deploy.command;
  const at = addMilliseconds(deploy.now, -hour);
  const by = loginSchema.parse("somebody");
  switch (command.kind) {
    case "unhold":
      return [[holdPath(environment, model, imaginedCandidate.digest), printHold(holdOf(deploy, model, imaginedCandidate))]];
    case "unlock":
      return [[lockPath(environment, model), printLock({ schema: "slipway/lock/v1", environment, model, by, at, pullRequest: null })]];
    case "unfreeze": {
      const { name } = command;
      const text = printFreezeFile({ schema: "slipway/freeze/v1", name, environments: [environment], from: at, reason: "imagined", by });
      return [[freezePath(name), text]];
    }
    default:
      return [];
  }
}

const hour = 3_600_000;

function holdOf({ command, now }: DeployRequest, model: ModelName, { version, digest }: VersionRef): Hold {
  const { environment } = command;
  const since = addMilliseconds(now, -hour);
  return { schema: "slipway/hold/v1", environment, model, version, digest, since, reason: "imagined", liftedBy: "holder" };
}

function evaluateRequest(deploy: DeployRequest, { trustedWorkflows }: Policy, command: EvaluateCommand): EvaluateRequest {
  const { comment, now, standing, owners, repository, pullRequest, snapshot } = deploy;
  const before = addMilliseconds(now, -hour);
  return {
    command,
    asked: { by: "comment", createdAt: comment.createdAt, updatedAt: comment.updatedAt },
    now,
    person: { login: comment.author, standing, owners },
    repository,
    pullRequest,
    changesModel: true,
    runs: trustedWorkflows.map(({ workflow }, index) => ({
      id: index + 1,
      attempt: 1,
      event: "pull_request",
      createdAt: before,
      startedAt: before,
      state: "completed",
      calls: [workflow],
    })),
    snapshot,
  };
}

/** The command as a person would type it there about this version. */
export function imaginedLine(
  name: ChangingCommand["kind"],
  { command: { environment } }: DeployRequest,
  model: ModelName,
): ChangingCommand {
  const sha = shaPrefixSchema.parse(imaginedHead);
  const digest = hexOf(imaginedCandidate.digest);
  const reason = "imagined";
  switch (name) {
    case "deploy":
    case "promote":
      return { kind: name, environment, sha, model };
    case "approve":
      return { kind: name, environment, sha, model };
    case "evaluate":
      return { kind: name, sha };
    case "override":
      return { kind: name, said: `${failingGateName} ${reason}`, environment: null, sha, model };
    case "hold":
    case "unhold":
      return { kind: name, environment, digest, reason, model };
    case "lock":
    case "unlock":
      return { kind: name, environment, model, keep: false, reason };
    case "freeze":
      return { kind: name, environment, until: null, reason };
    case "unfreeze":
      return { kind: name, name: reason };
    default:
      return { kind: name, environment, model, edit: null, reason };
  }
}
