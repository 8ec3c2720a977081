import type { DeployRequest } from "#domain/command/deploy-request.ts";
import { shaPrefixSchema } from "#domain/command/sha-prefix.ts";
import { type Hold, printHold } from "#domain/environment/hold.ts";
import { freezesFolder, holdPath, policyPath, statePath } from "#domain/environment/paths.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { type EnvironmentState, environmentStateSchema, printState } from "#domain/environment/state.ts";
import { type JudgedGate, type Report, reportSchema } from "#domain/evaluation/report.ts";
import {
  commitShaSchema,
  type Digest,
  digestSchema,
  environmentNameSchema,
  loginSchema,
  modelNameSchema,
  releaseIdSchema,
  repositoryNameSchema,
  type VersionRef,
  versionLabelSchema,
} from "#domain/model/names.ts";
import { type Instant, instantSchema } from "#domain/model/time.ts";
import { type FreezeFile, printFreezeFile } from "#domain/policy/freeze-file.ts";
import { noOwners } from "#domain/policy/roles.ts";
import type { ModelJudgement, PullRequestJudgement } from "#domain/report/judgement.ts";

export const ranker = modelNameSchema.parse("ranker");
export const staging = environmentNameSchema.parse("staging");
export const production = environmentNameSchema.parse("production");
const models = repositoryNameSchema.parse("acme/models");

export function sha(digits: string) {
  return commitShaSchema.parse(digits.repeat(40).slice(0, 40));
}
export function prefix(digits: string) {
  return shaPrefixSchema.parse(digits);
}
function digest(digit: string): Digest {
  return digestSchema.parse(`sha256:${digit.repeat(64)}`);
}
export function at(time: string): Instant {
  return instantSchema.parse(`2026-11-20T${time}Z`);
}
export function version(label: string, digit: string): VersionRef {
  return { version: versionLabelSchema.parse(label), digest: digest(digit) };
}

export const head = sha("a");
export const candidate = version("2.0", "c");
export const baseline = version("1.0", "b");

export const policyText = `
apiVersion: slipway/v1
kind: Policy
models:
  ranker: {repository: acme/models, id: 1, bases: [main]}
environments:
  - {name: staging, from: pull-request}
  - {name: production, from: pull-request}
roles: {deployer: {users: [dana], teams: [ranking]}, approver: {users: [lee, dana]}, holder: {teams: [on-call]}}
`;

/** Everything speaks for the deploy: dana deploys ada's evaluated, passing head to staging. */
export function deployRequest(overrides: Partial<DeployRequest> = {}): DeployRequest {
  return {
    command: { kind: "deploy", environment: staging, sha: null, model: null },
    trigger: { kind: "comment", id: 77 },
    comment: { author: "dana", byBot: false, createdAt: at("10:00:00"), updatedAt: at("10:00:00") },
    now: at("10:00:05"),
    executed: false,
    standing: { permission: "write", teams: [] },
    owners: noOwners,
    manifests: digest("f"),
    repository: { id: 1, name: models },
    pullRequest: { number: 7, author: "ada", state: "open", merged: false, draft: false, head, base: { ref: "main" }, headRepositoryId: 1 },
    evaluations: [{ sha: head, evaluatedAt: at("09:00:00") }],
    judgement: judgement([judged()]),
    newModels: [],
    snapshot: snapshot(),
    ...overrides,
  };
}

export function judgement(judgedModels: readonly ModelJudgement[], overrides: Partial<PullRequestJudgement> = {}): PullRequestJudgement {
  return { pullRequest: 7, head, refusals: [], models: judgedModels, verdict: "pass", ...overrides };
}

export function judged(overrides: Partial<ModelJudgement> = {}): ModelJudgement {
  const report = reportOf(overrides.verdict ?? "pass", []);
  return {
    model: ranker,
    candidate,
    baseline,
    verdict: "pass",
    code: "judged",
    message: "All gates pass.",
    problems: [],
    ignoredChanges: [],
    evidence: { report, digest: digest("e"), run: 5, attempt: 1, workflow: "acme/slipway/.github/workflows/evaluate.yml" },
    looks: null,
    selfReported: null,
    ...overrides,
  };
}

/** A model that its gates stop. */
export function failing(gates: readonly Pick<JudgedGate, "id" | "verdict" | "blocks" | "message">[]): ModelJudgement {
  const { evidence } = judged();
  return judged({ verdict: "fail", message: "A gate fails.", evidence: evidence && { ...evidence, report: reportOf("fail", gates) } });
}

function reportOf(verdict: Report["verdict"], gates: readonly Pick<JudgedGate, "id" | "verdict" | "blocks" | "message">[]): Report {
  const empty = { statistic: null, threshold: null, value: null, standardError: null, degreesOfFreedom: null, lower: null, upper: null };
  const numbers = { ...empty, confidence: 0.95, detectable: null, passIfUnchanged: null, unitsToSettle: null };
  return reportSchema.parse({
    schema: "slipway/report/v1",
    model: "ranker",
    candidate,
    baseline: { ...baseline, environment: "production", source: "flag" },
    run: null,
    inputs: { definition: digest("d"), labels: null, artifact: "declared", predictions: { baseline: null, candidate: null } },
    dataset: { name: "search", digest: digest("f") },
    measurements: [],
    gates: gates.map((gate) => ({
      ...numbers,
      metric: "mrr",
      slice: null,
      dataset: "search",
      rule: "no worse than 2%",
      reason: "r",
      ...gate,
    })),
    leftOut: [],
    preflight: [],
    verdict,
  });
}

export function state(overrides: Partial<EnvironmentState> = {}): EnvironmentState {
  const since = at("01:00:00");
  return {
    schema: "slipway/state/v1",
    environment: staging,
    model: ranker,
    live: { ...baseline, since },
    verified: [{ ...baseline, release: null, at: since, files: {} }],
    release: null,
    ...overrides,
  };
}

export function verified(version: VersionRef): EnvironmentState["verified"][number] {
  return { ...version, release: releaseIdSchema.parse("r-0123456789abcdef"), at: at("02:00:00"), files: {} };
}

export function openRelease(of: VersionRef): EnvironmentState["release"] {
  const release = {
    phase: "progressing",
    id: "r-00000000000000aa",
    candidate: of,
    pullRequest: { repository: "acme/models", number: 3, head: sha("9") },
    step: 1,
    weight: 25,
    weightSetAt: at("08:00:00"),
    liveSince: null,
  };
  return environmentStateSchema.shape.release.parse(release);
}

export function hold(overrides: Partial<Hold> = {}): Hold {
  return {
    schema: "slipway/hold/v1",
    environment: staging,
    model: ranker,
    ...candidate,
    since: at("03:00:00"),
    reason: "latency broke its objective",
    release: releaseIdSchema.parse("r-00000000000000bb"),
    liftedBy: "holder",
    ...overrides,
  };
}

export function freezeFile(from: Instant, to: Instant): FreezeFile {
  return { schema: "slipway/freeze/v1", name: "outage", from, to, reason: "the data centre moves", by: loginSchema.parse("lee") };
}

export interface Files {
  readonly policy?: string;
  readonly states?: readonly EnvironmentState[];
  readonly holds?: readonly Hold[];
  readonly freezes?: readonly FreezeFile[];
  /** Further files, or others in their place. */
  readonly texts?: Readonly<Record<string, string>>;
}

export function snapshot(files: Files = {}): EnvironmentsSnapshot {
  const states = files.states ?? [state(), state({ environment: production })];
  const texts = new Map<string, string>([
    [policyPath, files.policy ?? policyText],
    ...states.map((each) => [statePath(each.environment, each.model), printState(each)] as const),
    ...(files.holds ?? []).map((each) => [holdPath(each.environment, each.model, each.digest), printHold(each)] as const),
    ...(files.freezes ?? []).map((each) => [`${freezesFolder}${each.name}.yaml`, printFreezeFile(each)] as const),
    ...Object.entries(files.texts ?? {}),
  ]);
  return { head: sha("5"), entries: new Map(), texts };
}
