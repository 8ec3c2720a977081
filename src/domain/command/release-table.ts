import { policyPath } from "#domain/environment/paths.ts";
import { describe } from "#domain/environment/read-snapshot.ts";
import { hexOf, type ModelName, modelNameSchema } from "#domain/model/names.ts";
import { policySchema } from "#domain/policy/policy.ts";
import { policyCaseSchema } from "#domain/policy/policy-test-file.ts";
import { parseWithSchema } from "#domain/text/parse-with-schema.ts";
import type { DeployRequest } from "./deploy-request.ts";
import { type ChangingCommand, decideImagined, imaginedLine } from "./imagined-command.ts";
import { imaginedDeploy } from "./imagined-deploy.ts";
import { onItsWay, type Situation } from "./imagined-release.ts";
import type { Refused } from "./refusal-reasons.ts";

/** How a release may stand when somebody types a command, as people say it. */
export const situations = [
  ["nothing on its way", { phase: "none" }],
  ["nothing on its way, nothing older verified", { phase: "none", nothingOlder: true }],
  ["progressing", { phase: "progressing" }],
  ["progressing, files edited by a person", { phase: "progressing", edited: true }],
  ["progressing, what is live is held", { phase: "progressing", liveHeld: true }],
  ["paused by Slipway", { phase: "paused" }],
  ["paused by a person", { phase: "paused", byPerson: true }],
  ["paused, its version held", { phase: "paused", held: true }],
  ["stopping, no rollback pull request yet", { phase: "stopping", held: true }],
  ["stopping, rollback pull request open", { phase: "stopping", held: true, proposal: "open" }],
  ["stopping, rollback pull request closed", { phase: "stopping", held: true, proposal: "closed" }],
  ["stopping, rollback pull request merged", { phase: "stopping", held: true, proposal: "merged" }],
  ["stopping, nothing left to restore", { phase: "stopping", held: true, liveHeld: true, nothingOlder: true }],
] as const satisfies readonly (readonly [string, Situation])[];

export type SituationName = (typeof situations)[number][0];

/** What can be typed about it; a hold is of the version on its way, a deploy of another one. */
export const releaseCommands = [
  "pause",
  "resume",
  "retry",
  "abort",
  "rollback",
  "hold",
  "unhold",
  "deploy",
  "deploy --supersede",
  "promote",
] as const;
export type TypedCommand = (typeof releaseCommands)[number];

/** What a command does there: the step of its commit, or the reason why it is refused. */
export type TableCell = { readonly kind: "done"; readonly step: string } | ({ readonly kind: "refused" } & Refused);

const policyText = `
apiVersion: slipway/v1
kind: Policy
models: {ranker: {repository: acme/models, id: 1}}
environments: [{name: staging, from: pull-request}, {name: production, after: staging, from: pull-request}]
roles: {deployer: {users: [dana]}, holder: {users: [dana]}}
`;

function commandOf(typed: TypedCommand, deploy: DeployRequest, model: ModelName): ChangingCommand {
  if (typed === "hold" || typed === "unhold")
    return { kind: typed, environment: deploy.command.environment, digest: hexOf(onItsWay.digest), reason: "imagined", model };
  if (typed !== "deploy --supersede") return imaginedLine(typed, deploy, model);
  const { sha, environment } = deploy.command;
  return { kind: "deploy", environment, sha, model, supersede: true };
}

/** Decided by the functions that decide it for real, so that neither the docs nor anybody's memory can say otherwise. */
export function releaseTableCell(typed: TypedCommand, situation: Situation): TableCell {
  const read = parseWithSchema(policySchema, policyText, policyPath);
  if (read.kind === "invalid") throw new RangeError(describe(read.problems));
  const policy = read.value;
  const model = modelNameSchema.parse("ranker");
  const action = policyCaseSchema.parse({
    name: typed,
    who: { login: "dana" },
    does: { command: "deploy", environment: "production" },
    at: "2026-11-25T12:00:00Z",
    given: { verified: { staging: "24h" } },
    expect: "allowed",
  });
  const deploy = imaginedDeploy(policy, policyText, new Map(), action, model);
  const decision = decideImagined({ command: commandOf(typed, deploy, model), deploy, policy, model, situation });
  switch (decision.kind) {
    case "refuse":
      return { ...decision, kind: "refused" };
    case "move":
      return { kind: "done", step: decision.move.step };
    case "files":
      return { kind: "done", step: decision.step };
    case "start":
      return { kind: "done", step: decision.supersedes === null ? "start" : "aborted, then start" };
    default:
      throw new RangeError(`${typed} is decided as ${decision.kind}`);
  }
}
