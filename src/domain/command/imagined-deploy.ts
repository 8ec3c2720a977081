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
import type { DeployRequest } from "./deploy-request.ts";
import { shaPrefixSchema } from "./sha-prefix.ts";

const candidate = versionRefSchema.parse({ version: "candidate", digest: `sha256:${"c".repeat(64)}` });
const live = versionRefSchema.parse({ version: "live", digest: `sha256:${"b".repeat(64)}` });
const manifests = digestSchema.parse(`sha256:${"a".repeat(64)}`);
const policyBlob = blobIdSchema.parse("d".repeat(40));
const head = commitShaSchema.parse("e".repeat(40));

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
    command: { kind: "deploy", environment: does.environment, sha: shaPrefixSchema.parse(head), model },
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
      head,
      base: { ref: repository.bases[0] ?? "main" },
      headRepositoryId: repository.id,
    },
    evaluations: [{ sha: head, evaluatedAt: before }],
    judgement: {
      pullRequest: 1,
      head,
      refusals: [],
      verdict: "pass",
      models: [
        {
          model,
          candidate,
          baseline: given.firstVersion ? null : live,
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
    head,
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
      live: { ...live, since: lived },
      verified: [
        ...(of === model && held !== undefined ? [{ ...candidate, release: null, at: addMilliseconds(at, -held), files: {} }] : []),
        { ...live, release: null, at: lived, files: {} },
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
  return { by, at, command: 1, sha: head, digest: candidate.digest, manifests, policy: policyBlob };
}

function openAt(weight: number, since: string): unknown {
  return {
    phase: "progressing",
    id: "r-0000000000000001",
    candidate,
    pullRequest: { repository: "imagined/models", number: 2, head },
    step: 0,
    weight,
    weightSetAt: since,
    liveSince: since,
  };
}

function imaginedReport(model: ModelName) {
  return reportSchema.parse({
    schema: "slipway/report/v1",
    model,
    candidate,
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
