import { afterEach, describe, expect, it } from "vitest";
import { kubernetesCluster } from "#adapters/kubernetes/cluster.ts";
import { digestSchema, environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import type { Cluster } from "#ports/cluster.ts";
import { fakeCluster } from "#test/support/fakes/cluster.ts";
import { digestOf, kubernetesApi } from "#test/support/kubernetes-api.ts";

const ranker = modelNameSchema.parse("ranker");
const unheardOf = modelNameSchema.parse("unheard-of");
const production = environmentNameSchema.parse("production");
const backends = [
  { digest: digestSchema.parse(digestOf("a")), weight: 95, ready: 2, wanted: 2 },
  { digest: digestSchema.parse(digestOf("b")), weight: 5, ready: 1, wanted: 2 },
];

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function inMemory(): Promise<Cluster> {
  const cluster = fakeCluster();
  cluster.show(ranker, production, { kind: "seen", accepted: true, backends });
  return cluster;
}

async function overHttp(): Promise<Cluster> {
  const api = await kubernetesApi("cluster-token");
  cleanUps.push(() => api.close());
  return kubernetesCluster({ server: api.url, token: "cluster-token" });
}

describe.each([
  ["in memory", inMemory],
  ["over HTTP", overHttp],
])("the cluster, %s", (_, open) => {
  it("shows what a model's route serves", async () => {
    const cluster = await open();
    expect(await cluster.observe(ranker, production, "models", "gateway-api")).toEqual({ kind: "seen", accepted: true, backends });
  });

  it("does not know what a model without a route serves, and names it", async () => {
    const cluster = await open();
    const exposure = await cluster.observe(unheardOf, production, "models", "gateway-api");
    expect(exposure).toEqual({ kind: "unknown", reason: expect.stringContaining("HTTPRoute unheard-of") });
  });
});
