import { type Approval, printApprovals } from "#domain/environment/approval.ts";
import { approvalsPath, policyPath, statePath } from "#domain/environment/paths.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { type EnvironmentState, environmentStateSchema, printState } from "#domain/environment/state.ts";
import { reportSchema } from "#domain/evaluation/report.ts";
import {
  blobIdSchema,
  commitShaSchema,
  digestSchema,
  type ModelName,
  modelNameSchema,
  repositoryNameSchema,
  versionRefSchema,
} from "#domain/model/names.ts";
import { addMilliseconds } from "#domain/model/time.ts";
import { environmentRules } from "#domain/policy/environments.ts";
import { modelRules } from "#domain/policy/model-rules.ts";
import type { Policy } from "#domain/policy/policy.ts";
import type { TriedAction } from "#domain/policy/policy-test-file.ts";
import type { Owners } from "#domain/policy/roles.ts";
import type { PullRequestJudgement } from "#domain/report/judgement.ts";
import type { DeployRequest } from "./deploy-request.ts";
import { shaPrefixSchema } from "./sha-prefix.ts";

export const imaginedCandidate = versionRefSchema.parse({ version: "candidate", digest: `sha256:${"c".repeat(64)}` });
export const imaginedLive = versionRefSchema.parse({ version: "live", digest: `sha256:${"b".repeat(64)}` });
const manifests = digestSchema.parse(`sha256:${"a".repeat(64)}`);
const policyBlob = blobIdSchema.parse("d".repeat(40));
export const imaginedHead = commitShaSchema.parse("e".repeat(40));

/** Files of an environments repository beside its policy, by path: the calendars that freezes name. */
export type OtherFiles = ReadonlyMap<string, string>;

/**
 * A deploy for which everything speaks but what a person tries out: the version was evaluated, passes its gates and may be released, so that
 * what is decided on it is what the policy says. It is decided by the same rules as a real one.
 */
export function imaginedDeploy(
  policy: Policy,
  policyText: string,
  others: OtherFiles,
  action: TriedAction,
  model: ModelName,
): DeployRequest {
  const { who, does, at, given } = action;
  const rules = modelRules(policy, model);
  const environment = environmentRules(policy, does.environment);
  const before = addMilliseconds(at, -60_000);
  const merged = given.merged ?? environment?.from === "merged";
  const repository = rules ?? { repository: undefined, id: 0, bases: ["main"] };
  return {
    command: { kind: "deploy", environment: does.environment, sha: shaPrefixSchema.parse(imaginedHead), model },
    trigger: { kind: "comment", id: 1 },
    comment: { author: who.login, byBot: false, createdAt: at, updatedAt: at },
    now: at,
    executed: false,
    standing: { permission: who.permission, teams: who.teams },
    owners: ownersOf(who),
    manifests,
    repository: { id: repository.id, name: repository.repository ?? nobodysRepository },
    pullRequest: {
      number: 1,
      author: given.author,
      state: merged ? "closed" : "open",
      merged,
      draft: false,
      head: imaginedHead,
      base: { ref: repository.bases[0] ?? "main" },
      headRepositoryId: repository.id,
    },
    evaluations: [{ sha: imaginedHead, evaluatedAt: before }],
    judgement: {
      pullRequest: 1,
      head: imaginedHead,
      refusals: [],
      verdict: "pass",
      models: [
        {
          model,
          candidate: imaginedCandidate,
          baseline: given.firstVersion ? null : imaginedLive,
          verdict: "pass",
          code: "judged",
          message: "Imagined to pass.",
          problems: [],
          ignoredChanges: [],
          evidence: { report: imaginedReport(model), digest: manifests, run: 1, attempt: 1, workflow: "imagined" },
          looks: null,
          selfReported: null,
        },
      ],
    },
    newModels: [],
    snapshot: imaginedSnapshot(policy, policyText, others, action, model),
  };
}

const nobodysRepository = repositoryNameSchema.parse("nobody/models");

function ownersOf({ login, owner, codeOwner }: TriedAction["who"]): Owners {
  const own = (is: boolean) => ({ users: is ? [login] : [], teams: [] });
  return { model: own(owner), code: own(codeOwner) };
}

function imaginedSnapshot(
  policy: Policy,
  policyText: string,
  others: OtherFiles,
  action: TriedAction,
  model: ModelName,
): EnvironmentsSnapshot {
  const states = policy.environments.flatMap((environment) => statesIn(environment.name, action, model));
  const texts = states.map((state) => [statePath(state.environment, state.model), printState(state)] as const);
  return {
    head: imaginedHead,
    entries: new Map([[policyPath, policyBlob]]),
    texts: new Map([...others, [policyPath, policyText], approvalsText(action, model), ...texts]),
  };
}

function statesIn(
  environment: EnvironmentState["environment"],
  { does, at, given }: TriedAction,
  model: ModelName,
): readonly EnvironmentState[] {
  const lived = addMilliseconds(at, -365 * 86_400_000);
  const held = given.verified[environment];
  const state = (of: ModelName, release: unknown): EnvironmentState =>
    environmentStateSchema.parse({
      schema: "slipway/state/v1",
      environment,
      model: of,
      live: { ...imaginedLive, since: lived },
      verified: [
        ...(of === model && held !== undefined ? [{ ...imaginedCandidate, release: null, at: addMilliseconds(at, -held), files: {} }] : []),
        { ...imaginedLive, release: null, at: lived, files: {} },
      ],
      release,
    });
  const open = environment === does.environment ? Object.entries(given.open) : [];
  const others = open.filter(([name]) => name !== model).map(([name, weight]) => state(modelNameSchema.parse(name), openAt(weight, lived)));
  return given.firstVersion && environment === does.environment ? others : [state(model, null), ...others];
}

function approvalsText({ does, at, given }: TriedAction, model: ModelName): readonly [string, string] {
  const { environment } = does;
  const approvals = given.approvedBy.map((by) => approvalOf(by, at));
  return [approvalsPath(environment, model), printApprovals({ schema: "slipway/approvals/v1", environment, model, approvals })];
}

function approvalOf(by: Approval["by"], at: Approval["at"]): Approval {
  return { by, at, command: 1, sha: imaginedHead, digest: imaginedCandidate.digest, manifests, policy: policyBlob };
}

function openAt(weight: number, since: string): unknown {
  return {
    phase: "progressing",
    id: "r-0000000000000001",
    candidate: imaginedCandidate,
    pullRequest: { repository: "imagined/models", number: 2, head: imaginedHead },
    step: 0,
    weight,
    weightSetAt: since,
    liveSince: since,
  };
}

export const failingGateName = "imagined";

/** The same, where one gate stands in the way. */
export function failingGate(judgement: PullRequestJudgement): PullRequestJudgement {
  const gates = [reportSchema.shape.gates.element.parse(failingGateText)];
  const models = judgement.models.map((model) => ({
    ...model,
    verdict: "fail" as const,
    evidence: model.evidence && { ...model.evidence, report: { ...model.evidence.report, gates } },
  }));
  return { ...judgement, verdict: "fail", models };
}

const failingGateText = {
  id: failingGateName,
  metric: failingGateName,
  slice: null,
  dataset: failingGateName,
  rule: failingGateName,
  blocks: "unless-pass",
  statistic: null,
  threshold: null,
  value: null,
  standardError: null,
  degreesOfFreedom: null,
  lower: null,
  upper: null,
  confidence: 0.95,
  detectable: null,
  passIfUnchanged: null,
  unitsToSettle: null,
  verdict: "fail",
  reason: failingGateName,
  message: "Imagined to fail.",
};

function imaginedReport(model: ModelName) {
  return reportSchema.parse({
    schema: "slipway/report/v1",
    model,
    candidate: imaginedCandidate,
    baseline: null,
    run: null,
    inputs: { definition: manifests, labels: null, artifact: "declared", predictions: { baseline: null, candidate: null } },
    dataset: { name: "imagined", digest: manifests },
    measurements: [],
    gates: [],
    leftOut: [],
    preflight: [],
    verdict: "pass",
  });
}
