import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { ApproveCommand } from "#domain/command/approve.ts";
import { type DeployCommand, printDeploy } from "#domain/command/deploy.ts";
import { type EvaluateCommand, printEvaluate } from "#domain/command/evaluate.ts";
import type { Command } from "#domain/command/registry.ts";
import { shaPrefixSchema } from "#domain/command/sha-prefix.ts";
import { stateIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { EnvironmentState } from "#domain/environment/state.ts";
import type { RunAttempt } from "#domain/evidence/listed-run.ts";
import { type EnvironmentName, type ModelName, short, type VersionRef } from "#domain/model/names.ts";
import type { Policy } from "#domain/policy/policy.ts";
import type { HeadFacts } from "./judge-pull-request.ts";
import type { JudgedEvidence, PullRequestJudgement } from "./judgement.ts";

/** A button of the head's check. GitHub shows at most three, with 20 characters for label and identifier and 40 for the description. */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  /** `<verb>:<10 hex digits>` of all that it is offered on: another version, release, evidence or policy make another button. */
  readonly identifier: string;
  readonly command: ClickedCommand;
  /** The line that a person would type instead; its commit is the check's. */
  readonly typed: string;
}

type ClickedCommand = DeployCommand | EvaluateCommand | ApproveCommand | Extract<Command, { readonly kind: "rollback" }>;

const mostButtons = 3;
const longestLabel = 20;

/** What a button is called where people are told that it was clicked; the environment is in what came of it. */
const labels = { evaluate: "Evaluate again", deploy: "Deploy", approve: "Approve", rollback: "Roll back" } as const;
type Verb = keyof typeof labels;
const verbs = ["evaluate", "deploy", "approve", "rollback"] as const satisfies readonly Verb[];

/** Of an identifier, which may be anything; undefined when it is no button's of ours. */
export function verbOf(identifier: string): Verb | undefined {
  const [word = ""] = identifier.split(":");
  return verbs.find((verb) => verb === word);
}

export function labelOf(identifier: string): string {
  const verb = verbOf(identifier);
  return verb === undefined ? "a button" : labels[verb];
}

interface Surroundings {
  readonly pull: { readonly state: "open" | "closed"; readonly draft: boolean; readonly headRepositoryId: number | null };
  readonly snapshot: EnvironmentsSnapshot;
}

/**
 * What can be done about a head by a click, as it is judged and released now: take its release back, approve it, deploy it, and evaluate it
 * again while there is room. A button is a hint like a comment: who may, and whether, is decided when it is clicked.
 */
export function checkActions(judgement: PullRequestJudgement, facts: HeadFacts, around: Surroundings): readonly CheckAction[] {
  const { pull, snapshot } = around;
  if (judgement.models.length === 0 || pull.headRepositoryId !== facts.repository.id || pull.state === "closed") return [];
  const evaluate = evaluateAction(facts);
  if (facts.policy.kind === "invalid") return [evaluate];
  const policy = facts.policy.value;
  const passing = pull.draft ? undefined : passingIn(judgement);
  const urgent = [
    ...rollbackActions(judgement, facts, policy, snapshot),
    ...(passing === undefined
      ? []
      : [...approveActions(passing, facts, policy, snapshot), ...deployActions(passing, facts, policy, snapshot)]),
  ];
  return urgent.length < mostButtons ? [evaluate, ...urgent] : urgent;
}

/** The newest attempt whose evidence the log holds. */
export function newestAttempt({ models }: Pick<HeadFacts, "models">): RunAttempt | null {
  const attempts = models.flatMap(({ recorded }) => recorded.map(({ run }) => ({ run: run.run.id, attempt: run.run.attempt })));
  return attempts.toSorted((a, b) => b.run - a.run || b.attempt - a.attempt)[0] ?? null;
}

function evaluateAction(facts: HeadFacts): CheckAction {
  return {
    label: labels.evaluate,
    description: "Runs this head's trusted workflow again",
    identifier: identifierOf("evaluate", newestAttempt(facts)),
    command: { kind: "evaluate", sha: shaPrefixSchema.parse(facts.head) },
    typed: printEvaluate(short(facts.head)),
  };
}

interface Passing {
  readonly model: ModelName;
  readonly candidate: VersionRef;
  readonly evidence: JudgedEvidence;
}

/** The one model that passes: several models, or what is refused, need words. */
function passingIn({ models, refusals }: PullRequestJudgement): Passing | undefined {
  const only = models.find(({ code }) => code !== "removed");
  const several = models.some((other) => other.code !== "removed" && other !== only);
  if (refusals.length > 0 || only === undefined || several || only.verdict !== "pass") return undefined;
  const { model, candidate, evidence } = only;
  return candidate === null || evidence === null ? undefined : { model, candidate, evidence };
}

/** Of a release that this pull request started and that is on its way: the one furthest down the order. */
function rollbackActions(
  { models }: PullRequestJudgement,
  { repository, pullRequest, policyBlob }: HeadFacts,
  { environments }: Policy,
  snapshot: EnvironmentsSnapshot,
): readonly CheckAction[] {
  const own = environments.flatMap(({ name: environment }) =>
    models.flatMap(({ model }) => {
      const release = stateOf(snapshot, environment, model)?.release;
      if (release?.pullRequest.number !== pullRequest || release.pullRequest.repository !== repository.name) return [];
      return release.phase === "stopping" ? [] : [{ environment, model, id: release.id }];
    }),
  );
  const furthest = own.at(-1);
  if (furthest === undefined) return [];
  const { environment, model, id } = furthest;
  return [
    {
      label: labelled(labels.rollback, environment),
      description: "Takes its release back and holds it",
      identifier: identifierOf("rollback", [environment, model, id, policyBlob]),
      command: { kind: "rollback", environment, model, edit: null, reason: "" },
      typed: `/slipway rollback ${environment} --model ${model}`,
    },
  ];
}

/** In the first environment that asks for approvals and does not have the version. */
function approveActions(
  passing: Passing,
  facts: HeadFacts,
  { environments }: Policy,
  snapshot: EnvironmentsSnapshot,
): readonly CheckAction[] {
  const { model, candidate, evidence } = passing;
  const environment = environments.find(({ approvals, name }) => approvals !== undefined && !isIn(snapshot, name, passing))?.name;
  if (environment === undefined) return [];
  return [
    {
      label: labelled(labels.approve, environment),
      description: "Consents to this version as it is now",
      identifier: identifierOf("approve", [environment, model, candidate.digest, evidence.digest, facts.policyBlob]),
      command: { kind: "approve", environment, sha: shaPrefixSchema.parse(facts.head), model },
      typed: `/slipway approve ${environment} @${short(facts.head)} --model ${model}`,
    },
  ];
}

/** To the first environment that takes open pull requests and does not have the version. */
function deployActions(
  passing: Passing,
  facts: HeadFacts,
  { environments }: Policy,
  snapshot: EnvironmentsSnapshot,
): readonly CheckAction[] {
  const { model, candidate, evidence } = passing;
  const environment = environments.find(({ from, name }) => from === "pull-request" && !isIn(snapshot, name, passing))?.name;
  if (environment === undefined) return [];
  const command = { kind: "deploy", environment, sha: shaPrefixSchema.parse(facts.head), model } as const;
  return [
    {
      label: labelled(`${labels.deploy} to`, environment),
      description: "Starts a gated canary of this version",
      identifier: identifierOf("deploy", [environment, model, candidate.digest, evidence.digest, facts.policyBlob]),
      command,
      typed: printDeploy({ ...command, sha: short(facts.head) }),
    },
  ];
}

/** Whether the version is live there, or on its way. */
function isIn(snapshot: EnvironmentsSnapshot, environment: EnvironmentName, { model, candidate }: Passing): boolean {
  const state = stateOf(snapshot, environment, model);
  return state?.live.digest === candidate.digest || state?.release?.candidate.digest === candidate.digest;
}

function stateOf(snapshot: EnvironmentsSnapshot, environment: EnvironmentName, model: ModelName): EnvironmentState | undefined {
  const state = stateIn(snapshot, environment, model);
  return state?.kind === "ok" ? state.value : undefined;
}

function labelled(verb: string, environment: EnvironmentName): string {
  const label = `${verb} ${environment}`;
  return label.length <= longestLabel ? label : `${label.slice(0, longestLabel - 1)}…`;
}

function identifierOf(verb: Verb, basis: unknown): string {
  return `${verb}:${bytesToHex(sha256(utf8ToBytes(JSON.stringify(basis)))).slice(0, 10)}`;
}
