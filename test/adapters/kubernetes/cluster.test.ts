import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { kubernetesCluster } from "#adapters/kubernetes/cluster.ts";
import { environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import {
  baseline,
  candidate,
  deployment,
  digestOf,
  type KubernetesApi,
  kubernetesApi,
  type RouteParts,
  route,
} from "#test/support/kubernetes-api.ts";

const model = modelNameSchema.parse("ranker");
const production = environmentNameSchema.parse("production");

let cluster: KubernetesApi;
beforeEach(async () => {
  cluster = await kubernetesApi("cluster-token");
});
afterEach(() => cluster.close());

const observe = () =>
  kubernetesCluster({ server: cluster.url, token: "cluster-token" }).observe(model, production, "models", "gateway-api");

describe("the Kubernetes cluster", () => {
  it("shows digest, weight and replicas of each backend of the model's route", async () => {
    expect(await observe()).toEqual({
      kind: "seen",
      accepted: true,
      backends: [
        { digest: digestOf("a"), weight: 95, ready: 2, wanted: 2 },
        { digest: digestOf("b"), weight: 5, ready: 1, wanted: 2 },
      ],
    });
    expect(cluster.selectors).toEqual(["app.kubernetes.io/name=ranker"]);
  });

  it("tells weights as per cent of the traffic, whatever they sum to", async () => {
    cluster.route = route({ weights: [19, 1] });
    expect(await observe()).toMatchObject({ backends: [{ weight: 95 }, { weight: 5 }] });
  });

  it.each([
    ["the newest generation, taken", {}, true],
    ["an older generation, taken", { generation: 4, observed: 3 }, false],
    ["refused", { accepted: "False" }, false],
    ["not yet looked at", { accepted: "Unknown" }, false],
    ["taken, but its backends were not found", { resolved: "False" }, false],
    ["taken by one of two gateways", { parents: ["inner", "outer"], seenBy: ["inner"] }, false],
    ["taken by both gateways", { parents: ["inner", "outer"] }, true],
    ["seen by no gateway", { seenBy: [] }, false],
  ] satisfies [string, RouteParts, boolean][])("tells whether the gateways took a route that is %s", async (_, parts, accepted) => {
    cluster.route = route(parts);
    expect(await observe()).toMatchObject({ kind: "seen", accepted });
  });

  it("counts no replica as ready while the status speaks of an older generation", async () => {
    cluster.deployments = [deployment(baseline, "a", {}), deployment(candidate, "b", { generation: 2, observed: 1 })];
    expect(await observe()).toMatchObject({ backends: [{ ready: 2 }, { ready: 0, wanted: 2 }] });
  });

  it("counts a missing number of ready replicas as none", async () => {
    cluster.deployments = [deployment(baseline, "a", {}), deployment(candidate, "b", { ready: 0 })];
    expect(await observe()).toMatchObject({ backends: [{ ready: 2 }, { ready: 0 }] });
  });

  it("does not know the exposure when there is no route", async () => {
    cluster.route = undefined;
    expect(await observe()).toEqual({
      kind: "unknown",
      reason: expect.stringContaining('httproutes.gateway.networking.k8s.io "ranker" not found'),
    });
  });

  it("does not know the exposure when a backend has no Deployment, or one without a digest", async () => {
    cluster.deployments = [deployment(baseline, "a", {})];
    expect(await observe()).toEqual({ kind: "unknown", reason: `no workload stands behind the backend ${candidate}` });
    cluster.deployments = [deployment(baseline, "a", {}), deployment(candidate, "b", { annotations: false })];
    expect(await observe()).toMatchObject({ kind: "unknown", reason: expect.stringContaining("slipway.dev/digest") });
  });

  it("does not guess when all weights are 0", async () => {
    cluster.route = route({ weights: [0, 0] });
    expect(await observe()).toMatchObject({ kind: "unknown" });
  });

  it("does not know the exposure when the answer has another shape", async () => {
    cluster.route = { kind: "HTTPRoute", metadata: { name: "ranker" } };
    expect(await observe()).toEqual({ kind: "unknown", reason: expect.stringContaining("metadata.generation") });
  });

  it("gives the API's reason and never the token, even when the API repeats it", async () => {
    cluster.failure = { status: 403, message: (authorization) => `forbidden: ${authorization}` };
    const exposure = await observe();
    expect(exposure).toMatchObject({ kind: "unknown", reason: expect.stringContaining("403") });
    expect(JSON.stringify(exposure)).not.toContain("cluster-token");
  });

  it("does not know the exposure when nobody listens there", async () => {
    await cluster.close();
    expect(await observe()).toMatchObject({ kind: "unknown", reason: expect.stringContaining("ECONNREFUSED") });
    cluster = await kubernetesApi("cluster-token");
  });

  describe("shown manifests without being asked to keep them", () => {
    const manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ranker, namespace: models}\n";
    const tried = () => kubernetesCluster({ server: cluster.url, token: "cluster-token" }).tryOut([manifest, "# only words\n"]);

    it.each([
      ["refuses them by its own words", 422, "spec.replicas must not be negative", "refused"],
      ["refuses them by a quota", 403, "exceeded quota: models", "refused"],
      ["does not know a field", 500, "failed to create typed patch object: .spec.x: field not declared in schema", "refused"],
      ["does not let us ask", 403, 'User "slipway" cannot patch resource "deployments" in API group "apps"', "unknown"],
      ["does not know who asks", 401, "Unauthorized", "unknown"],
      ["is broken", 500, "etcdserver: request timed out", "unknown"],
    ])("%s", async (_, status, message, kind) => {
      cluster.failure = { status, message: () => message };
      expect(await tried()).toMatchObject({ kind });
      expect(JSON.stringify(await tried())).toContain(`the API answered ${status} for Deployment ranker`);
    });

    it("cannot be asked when nobody listens there", async () => {
      await cluster.close();
      expect(await tried()).toEqual({ kind: "unknown", reason: expect.stringContaining("ECONNREFUSED") });
      cluster = await kubernetesApi("cluster-token");
    });
  });

  it("reads server and token from a kubeconfig file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
    const file = join(folder, "config");
    writeFileSync(
      file,
      `apiVersion: v1
kind: Config
clusters: [{name: here, cluster: {server: "${cluster.url}", insecure-skip-tls-verify: true}}]
users: [{name: me, user: {token: cluster-token}}]
contexts: [{name: both, context: {cluster: here, user: me}}]
current-context: both
`,
    );
    expect(await kubernetesCluster({ kubeconfigFile: file }).observe(model, production, "models", "gateway-api")).toMatchObject({
      kind: "seen",
    });
    rmSync(folder, { recursive: true });
  });

  it("sends no token over plain http to another machine", () => {
    expect(() => kubernetesCluster({ server: "http://cluster.example.com", token: "t" })).toThrow("https");
  });
});
