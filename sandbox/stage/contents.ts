import type { RankerVersion } from "./versions.ts";

/** What people write into the repositories of the story. */
export const model = "search-ranker";

export const slipwayYaml = `apiVersion: slipway/v1
kind: Repository
environments: acme/environments
`;

export function modelYaml({ version, digest }: RankerVersion): string {
  return `apiVersion: slipway/v1
kind: Model
name: ${model}
owners: ["@acme/ranking"]
tier: critical
version: ${version}
artifact: {uri: "artifacts/${version}.json", format: json, digest: "${digest}"}
lineage: {trainedUntil: 2026-11-01T00:00:00Z, code: "git:acme/models"}
evaluation:
  task: ranking
  dataset: cranfield
  predictions: "predictions/{version}.parquet"
  labels: ../../datasets/cranfield/labels.csv
  columns: {query: query_id, item: document_id, score: score, label: grade}
  metrics: [ndcg@10, recall@50, mrr]
  slices: [length]
gates:
  - {metric: ndcg@10, noWorseThan: 2%}
  - {metric: ndcg@10, slice: "*", noWorseThan: 5%}
  - {metric: recall@50, noWorseThan: 5%}
  - {metric: mrr, betterThan: 0, blocks: never}
objectives:
  - name: latency
    target: 0.9
    indicator: {latency: {atMost: 50ms}}
    burnRate: [{long: 4s, short: 1s, factor: 5}]
rollout:
  target: gateway-api
  serving: {image: ghcr.io/acme/ranker@sha256:${"2".repeat(64)}, port: 8080, replicas: 1, gateway: models}
  steps: [{weight: 5, window: 2s}, {weight: 25, window: 2s}, {weight: 50, window: 2s}]
  bake: 4s
  extend: 5
  deadline: 30s
`;
}

export const datasetYaml = `apiVersion: v3.1.0
kind: DataContract
id: cranfield
name: cranfield
version: 1.0.0
status: active
description:
  purpose: 225 questions of aeronautics engineers with graded judgments of 1,400 abstracts
schema:
  - name: labels
    physicalType: csv
    properties:
      - {name: query_id, logicalType: string, required: true}
      - {name: document_id, logicalType: string, required: true}
      - {name: grade, logicalType: integer, required: true}
      - {name: length, logicalType: string, required: true}
`;

/** The calling workflow: all it does is call the trusted one. */
export function callerYaml(workflow: string, sha: string): string {
  return `name: slipway
on:
  pull_request:
permissions:
  contents: read
  id-token: write
jobs:
  evaluate:
    uses: ${workflow}@${sha}
    with:
      app-url: \${{ vars.SLIPWAY_APP_URL }}
`;
}

export interface PolicyChoices {
  readonly modelsId: number;
  readonly workflow: string;
  readonly sha: string;
  /** Whether production takes only what staging has verified. */
  readonly staged?: boolean;
}

export function policyYaml({ modelsId, workflow, sha, staged = false }: PolicyChoices): string {
  return `apiVersion: slipway/v1
kind: Policy
models:
  ${model}: {repository: acme/models, id: ${modelsId}, bases: [main]}
environments:
${staged ? "  - {name: staging, from: pull-request, rollback: merge}\n" : ""}  - {name: production, ${staged ? "after: staging, " : ""}from: pull-request, rollback: merge}
trustedWorkflows:
  - {workflow: ${workflow}, sha: ["${sha}"]}
roles:
  deployer: {permissions: [maintain]}
  approver: {users: [lee]}
  holder: {users: [omar]}
floors:
  all: [{metric: ndcg@10, noWorseThan: 5%}]
  firstVersion: [{metric: ndcg@10, atLeast: 0.3}]
freezes:
  - {name: last-years-peak, from: 2025-11-24T00:00, to: 2025-12-02T00:00, timeZone: America/Toronto}
`;
}
