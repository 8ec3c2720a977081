import type { Difference, Estimate, JudgedGate, Measurement, Report } from "#domain/evaluation/report.ts";
import {
  commitShaSchema,
  digestSchema,
  environmentNameSchema,
  modelNameSchema,
  type VersionRef,
  versionLabelSchema,
} from "#domain/model/names.ts";
import { type Policy, policySchema } from "#domain/policy/policy.ts";
import type { ModelJudgement, PullRequestJudgement } from "#domain/report/judgement.ts";

export function digest(character: string) {
  return digestSchema.parse(`sha256:${character.repeat(64)}`);
}

export function sha(character: string) {
  return commitShaSchema.parse(character.repeat(40));
}

export function version(label: string, character: string): VersionRef {
  return { version: versionLabelSchema.parse(label), digest: digest(character) };
}

export const candidate = version("2026.11.20-3", "c");
export const baseline = version("2026.11.02-1", "b");

export function estimate(value: number, standardError: number): Estimate {
  return { value, standardError, lower: value - 1.97 * standardError, upper: value + 1.97 * standardError };
}

export function difference(value: number, standardError: number): Difference {
  return { ...estimate(value, standardError), confidence: 0.95, degreesOfFreedom: 224, method: "paired-t" };
}

export function measurement(change: Partial<Measurement> = {}): Measurement {
  return {
    metric: "ndcg@10",
    slice: null,
    dataset: "cranfield",
    better: "higher",
    convention: { gain: "linear", ideal: "judged", ties: "id_desc" },
    unit: "query_id",
    cluster: "query_id",
    units: 225,
    clusters: 225,
    excluded: { noRelevant: 0 },
    missing: { baseline: 0, candidate: 0 },
    baseline: estimate(0.4102, 0.0201),
    candidate: estimate(0.352, 0.0187),
    difference: difference(-0.0582, 0.0078),
    ...change,
  };
}

/** A gate of 2 % on nDCG@10, as the judge writes it: the statistic is `candidate - 0.98*baseline`. */
export function gate(change: Partial<JudgedGate> = {}): JudgedGate {
  return {
    id: "ndcg@10",
    metric: "ndcg@10",
    slice: null,
    dataset: "cranfield",
    rule: "no worse than 2%",
    blocks: "unless-pass",
    statistic: "candidate - 0.98*baseline",
    threshold: 0,
    value: -0.05,
    standardError: 0.0078,
    degreesOfFreedom: 224,
    lower: -0.0654,
    upper: -0.0346,
    confidence: 0.95,
    detectable: 0.0218,
    passIfUnchanged: 0.18,
    unitsToSettle: null,
    why: { unitsToSettle: "settled" },
    verdict: "fail",
    reason: "regression",
    message: "ndcg@10 is not no worse than 2%: wholly on the wrong side of 0.",
    ...change,
  };
}

export function report(change: Partial<Report> = {}): Report {
  return {
    schema: "slipway/report/v1",
    model: modelNameSchema.parse("search-ranker"),
    candidate,
    baseline: { ...baseline, environment: environmentNameSchema.parse("production"), source: `environments@${sha("e")}` },
    run: { repository: 1, pullRequest: 7, head: sha("a"), base: sha("d"), id: 42, attempt: 1, engine: "slipway 0.1.0" },
    inputs: {
      definition: digest("1"),
      labels: digest("2"),
      artifact: "verified",
      predictions: { baseline: { digest: digest("3"), by: "supplied" }, candidate: { digest: digest("4"), by: "supplied" } },
    },
    dataset: { name: "cranfield", digest: digest("5") },
    measurements: [measurement()],
    gates: [gate()],
    leftOut: [],
    preflight: [],
    verdict: "fail",
    ...change,
  };
}

/** A model judged on trusted evidence. */
export function judgedModel(given: Report = report(), change: Partial<ModelJudgement> = {}): ModelJudgement {
  return {
    model: given.model,
    candidate,
    baseline,
    verdict: given.verdict,
    code: "judged",
    message: "Judged.",
    problems: [],
    ignoredChanges: [],
    evidence: { report: given, digest: digest("6"), run: 42, attempt: 1, workflow: "acme/slipway/.github/workflows/evaluate.yml" },
    looks: { pullRequest: 1, all: 1, corrected: given.verdict, counts: false },
    selfReported: null,
    ...change,
  };
}

export function judgement(
  models: readonly ModelJudgement[] = [judgedModel()],
  change: Partial<PullRequestJudgement> = {},
): PullRequestJudgement {
  return { pullRequest: 7, head: sha("a"), refusals: [], models, verdict: models[0]?.verdict ?? "pass", ...change };
}

export const policy: Policy = policySchema.parse({
  apiVersion: "slipway/v1",
  kind: "Policy",
  models: { "search-ranker": { repository: "acme/models", id: 1 } },
  environments: [{ name: "production", from: "pull-request", rollback: "merge" }],
  roles: { deployer: { users: ["lee"], teams: ["ranking"] }, approver: { users: ["petra"] } },
});
