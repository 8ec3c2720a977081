import type { WrittenModelDefinition } from "#domain/model/model-definition.ts";
import {
  type Digest,
  digestSchema,
  environmentNameSchema,
  modelNameSchema,
  type VersionRef,
  versionRefSchema,
} from "#domain/model/names.ts";
import { datasetPath } from "#domain/report/changed-models.ts";

export const ranker = modelNameSchema.parse("search-ranker");
export const production = environmentNameSchema.parse("production");
export const trustedWorkflow = "acme/slipway/.github/workflows/evaluate.yml";
export const trustedCommit = "f".repeat(40);
export const dataset = { path: datasetPath("made"), text: "apiVersion: v3.0.0\nkind: DataContract\nid: made\n" };

export function digest(character: string): Digest {
  return digestSchema.parse(`sha256:${character.repeat(64)}`);
}

export function version(label: string, character: string): VersionRef {
  return versionRefSchema.parse({ version: label, digest: digest(character) });
}

export const liveVersion = version("2026.11.02-1", "a");
export const better = version("2026.11.20-3", "c");

export type ModelChange = Partial<Omit<WrittenModelDefinition, "evaluation">> & {
  readonly evaluation?: Partial<WrittenModelDefinition["evaluation"]>;
};

/** `model.yaml` as text; JSON is YAML. Steps 5 and 25 of 2 s, a bake of 4 s; 90 % under 50 ms. */
export function modelText(of: VersionRef = liveVersion, change: ModelChange = {}): string {
  const { evaluation, ...rest } = change;
  const written = {
    apiVersion: "slipway/v1",
    kind: "Model",
    name: "search-ranker",
    version: of.version,
    artifact: { uri: `artifacts/${of.version}.json`, format: "json", digest: of.digest },
    evaluation: {
      task: "ranking",
      dataset: "made",
      predictions: "predictions/{version}.jsonl",
      labels: "labels.jsonl",
      metrics: ["ndcg@10"],
      slices: ["locale"],
      ...evaluation,
    },
    gates: [{ metric: "ndcg@10", noWorseThan: "2%" }],
    objectives: [
      {
        name: "latency",
        target: 0.9,
        indicator: { latency: { atMost: "50ms" } },
        burnRate: [{ long: "4s", short: "1s", factor: 5 }],
      },
    ],
    rollout: {
      serving: { image: `ghcr.io/acme/ranker@sha256:${"2".repeat(64)}` },
      steps: [
        { weight: 5, window: "2s" },
        { weight: 25, window: "2s" },
      ],
      bake: "4s",
      extend: 2,
      deadline: "30s",
    },
    ...rest,
  };
  return `${JSON.stringify(written, null, 2)}\n`;
}

/** Lee deploys, Amy approves, Hal lifts holds; production takes what an open pull request proposes and merges its rollbacks. */
export function policyText(change: Readonly<Record<string, unknown>> = {}): string {
  const written = {
    apiVersion: "slipway/v1",
    kind: "Policy",
    models: { "search-ranker": { repository: "acme/models", id: 1, bases: ["main"] } },
    environments: [{ name: "production", from: "pull-request", rollback: "merge", namespace: "models" }],
    trustedWorkflows: [{ workflow: trustedWorkflow, sha: [trustedCommit] }],
    roles: { deployer: { users: ["lee"] }, approver: { users: ["amy"] }, holder: { users: ["hal"] } },
    ...change,
  };
  return `${JSON.stringify(written, null, 2)}\n`;
}
