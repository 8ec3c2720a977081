import { describe, expect, it } from "vitest";
import { kubernetesCluster } from "#adapters/kubernetes/cluster.ts";
import { delegatedRolloutExposure, delegatedRolloutSchema } from "#adapters/kubernetes/delegated-rollout.ts";
import { flaggerExposure } from "#adapters/kubernetes/flagger.ts";
import { inferenceServiceSchema, percentExposure, predictorsExposure } from "#adapters/kubernetes/inference-service.ts";
import { replicaExposure } from "#adapters/kubernetes/replicas.ts";
import { exposureOf, routeSchema } from "#adapters/kubernetes/route.ts";
import { experimentExposure, experimentSchema, seldonModelSchema } from "#adapters/kubernetes/seldon.ts";
import { workloadSchema } from "#adapters/kubernetes/workload.ts";
import { environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { targetNames } from "#domain/rollout/target-name.ts";
import { digestOf, kubernetesApi, route } from "#test/support/kubernetes-api.ts";

const stable = digestOf("a");
const candidate = digestOf("b");
const annotations = (digest: string) => ({ annotations: { "slipway.dev/digest": digest } });

interface Pods {
  readonly replicas?: number;
  readonly ready?: number;
  readonly updated?: number;
  readonly running?: number;
  readonly generation?: number;
}

function workload(
  name: string,
  digest: string,
  { replicas = 2, ready = replicas, updated = replicas, running = replicas, generation = 1 }: Pods = {},
) {
  return workloadSchema.parse({
    metadata: { name, generation, ...annotations(digest) },
    spec: { replicas, template: { metadata: annotations(digest) } },
    status: { observedGeneration: 1, replicas: running, readyReplicas: ready, updatedReplicas: updated },
  });
}

describe("what replicas share", () => {
  it("is each version's part of them", () => {
    expect(replicaExposure([workload("s", stable, { replicas: 3 }), workload("c", candidate, { replicas: 1 })])).toEqual({
      kind: "seen",
      accepted: true,
      backends: [
        { digest: stable, weight: 75, ready: 3, wanted: 3 },
        { digest: candidate, weight: 25, ready: 1, wanted: 1 },
      ],
    });
  });

  it.each([
    ["pods are on their way out and still serve", { replicas: 3, running: 4 }],
    ["the newest spec was not looked at", { replicas: 3, generation: 2 }],
  ])("is not settled while %s", (_, pods) => {
    expect(replicaExposure([workload("s", stable, pods), workload("c", candidate, { replicas: 1 })])).toMatchObject({ accepted: false });
  });

  it("is unknown when nothing runs", () => {
    expect(replicaExposure([workload("s", stable, { replicas: 0 })])).toMatchObject({ kind: "unknown" });
  });
});

describe("what Flagger's route serves", () => {
  const flaggers = (primary: number, canary: number) => {
    const written = route({});
    const [rule] = written.spec.rules;
    const backendRefs = [
      { ...rule?.backendRefs[0], name: "ranker-primary", weight: primary },
      { ...rule?.backendRefs[1], name: "ranker-canary", weight: canary },
    ];
    return routeSchema.parse({ ...written, spec: { ...written.spec, rules: [{ backendRefs }] } });
  };

  it("is the primary's version and the canary's", () => {
    const seen = flaggerExposure("ranker", flaggers(75, 25), workload("ranker", candidate), workload("ranker-primary", stable));
    expect(seen).toMatchObject({
      accepted: true,
      backends: [
        { digest: stable, weight: 75 },
        { digest: candidate, weight: 25 },
      ],
    });
  });

  it("is one version after the promotion, however many replicas the canary has left", () => {
    const seen = flaggerExposure(
      "ranker",
      flaggers(100, 0),
      workload("ranker", candidate, { replicas: 0 }),
      workload("ranker-primary", candidate),
    );
    expect(seen).toMatchObject({ backends: [{ digest: candidate, weight: 100, ready: 2, wanted: 2 }] });
  });

  it("counts old pods of a Deployment that is changing as not ready", () => {
    const changing = workload("ranker", candidate, { replicas: 2, ready: 2, updated: 1 });
    const seen = flaggerExposure("ranker", flaggers(75, 25), changing, workload("ranker-primary", stable));
    expect(seen).toMatchObject({ backends: [{}, { digest: candidate, ready: 1, wanted: 2 }] });
  });
});

describe("what a delegated Rollout serves", () => {
  const rollout = (status: object, generation = 4) =>
    delegatedRolloutSchema.parse({
      metadata: { name: "ranker", generation },
      spec: { replicas: 4, template: { metadata: annotations(candidate) } },
      status: {
        observedGeneration: "4",
        replicas: 4,
        readyReplicas: 4,
        availableReplicas: 4,
        currentPodHash: "new",
        stableRS: "old",
        ...status,
      },
    });

  it.each([
    ["one pod of four is new", { updatedReplicas: 1 }, 25],
    ["none is new yet", { updatedReplicas: 0 }, 0],
    ["all are new and not yet stable", { updatedReplicas: 4 }, 100],
    ["all are new and stable", { updatedReplicas: 4, stableRS: "new" }, 100],
    ["the old ones have not gone yet", { updatedReplicas: 4, replicas: 5, stableRS: "new" }, 80],
  ])("is the share of the new pods: %s", (_, status, weight) => {
    expect(delegatedRolloutExposure(rollout(status))).toMatchObject({ accepted: true, backends: [{ digest: candidate, weight }] });
  });

  it("is not accepted while the controller has not looked at the newest spec", () => {
    expect(delegatedRolloutExposure(rollout({ updatedReplicas: 4 }, 5))).toMatchObject({ accepted: false });
  });

  it("is unknown when somebody aborted it in the cluster", () => {
    expect(delegatedRolloutExposure(rollout({ abort: true }))).toMatchObject({
      kind: "unknown",
      reason: expect.stringContaining("aborted"),
    });
  });

  it("is not ready while pods are missing", () => {
    expect(delegatedRolloutExposure(rollout({ updatedReplicas: 1, availableReplicas: 3 }))).toMatchObject({
      backends: [{ ready: 0, wanted: 1 }],
    });
  });
});

describe("what an InferenceService serves", () => {
  const service = (spec: object, status: object = {}) =>
    inferenceServiceSchema.parse({
      metadata: { generation: 2 },
      spec: { predictor: annotations(stable), ...spec },
      status: { observedGeneration: 2, conditions: [{ type: "Ready", status: "True" }], ...status },
    });
  const canary = [{ trafficPercent: 25, predictor: annotations(candidate) }];

  it("is the stable predictor and the canary with their Deployments", () => {
    expect(predictorsExposure(service({ canary }), [workload("p", stable), workload("c", candidate, { ready: 1 })])).toEqual({
      kind: "seen",
      accepted: true,
      backends: [
        { digest: stable, weight: 75, ready: 2, wanted: 2 },
        { digest: candidate, weight: 25, ready: 1, wanted: 2 },
      ],
    });
  });

  it("is unknown while the canary has no Deployment", () => {
    expect(predictorsExposure(service({ canary }), [workload("p", stable)])).toMatchObject({ kind: "unknown" });
  });

  it.each([
    ["is not ready", { conditions: [{ type: "Ready", status: "False" }] }],
    ["was not looked at since it changed", { observedGeneration: 1 }],
  ])("is not accepted when it %s", (_, status) => {
    expect(predictorsExposure(service({}, status), [workload("p", stable)])).toMatchObject({ accepted: false });
  });

  const knative = (predictor: object) => service({ predictor: annotations(candidate) }, { components: { predictor } });
  const traffic = [
    { latestRevision: true, revisionName: "r2", percent: 10 },
    { revisionName: "r1", percent: 90 },
  ];

  it("is the share of the newest revision on Knative", () => {
    const seen = percentExposure(knative({ latestCreatedRevision: "r2", latestReadyRevision: "r2", traffic }));
    expect(seen).toMatchObject({ accepted: true, backends: [{ digest: candidate, weight: 10, ready: 1, wanted: 1 }] });
  });

  it("is not ready on Knative while the newest revision is not", () => {
    expect(percentExposure(knative({ latestCreatedRevision: "r3", latestReadyRevision: "r2", traffic }))).toMatchObject({
      backends: [{ ready: 0 }],
    });
  });

  it("is unknown on Knative before it says where its traffic goes", () => {
    expect(percentExposure(knative({}))).toMatchObject({ kind: "unknown" });
  });
});

describe("what an Experiment of Seldon serves", () => {
  const ready = { status: { conditions: [{ type: "Ready", status: "True" }] } };
  const experiment = experimentSchema.parse({
    spec: {
      candidates: [
        { name: "s", weight: 100 },
        { name: "c", weight: 0 },
      ],
      mirror: { name: "c", percent: 50 },
    },
    ...ready,
  });
  const models = [
    { metadata: { name: "s", ...annotations(stable) }, ...ready },
    { metadata: { name: "c", ...annotations(candidate) } },
  ].map((model) => seldonModelSchema.parse(model));

  it("is each Model's weight, its readiness, and what is mirrored to it", () => {
    expect(experimentExposure(experiment, models)).toEqual({
      kind: "seen",
      accepted: true,
      backends: [
        { digest: stable, weight: 100, ready: 1, wanted: 1 },
        { digest: candidate, weight: 0, ready: 0, wanted: 1, mirrored: 50 },
      ],
    });
  });

  it("is unknown while a candidate has no Model", () => {
    expect(experimentExposure(experiment, models.slice(0, 1))).toMatchObject({ kind: "unknown" });
  });
});

describe("what a route mirrors", () => {
  it("belongs to the backend that gets the copies", () => {
    const written = route({ weights: [100, 0] });
    const filters = [{ type: "RequestMirror", requestMirror: { backendRef: { name: "ranker-bbbbbbbb" }, percent: 50 } }];
    const mirrored = routeSchema.parse({
      ...written,
      spec: { ...written.spec, rules: written.spec.rules.map((rule) => ({ ...rule, filters })) },
    });
    const seen = exposureOf(mirrored, [workload("ranker-aaaaaaaa", stable), workload("ranker-bbbbbbbb", candidate)]);
    expect(seen).toMatchObject({ backends: [{ weight: 100 }, { digest: candidate, weight: 0, mirrored: 50 }] });
  });
});

describe("every target", () => {
  it.each(targetNames)("%s is unknown, with its objects named, where the cluster has none of them", async (target) => {
    const api = await kubernetesApi("cluster-token");
    try {
      const cluster = kubernetesCluster({ server: api.url, token: "cluster-token" });
      const seen = await cluster.observe(
        modelNameSchema.parse("unheard-of"),
        environmentNameSchema.parse("production"),
        "elsewhere",
        target,
      );
      expect(seen).toEqual({ kind: "unknown", reason: expect.stringMatching(/unheard-of.* in elsewhere/) });
    } finally {
      await api.close();
    }
  });
});
