import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { publishArtifact } from "#sandbox/serving/artifact-store.ts";
import type { ServingProcess } from "#sandbox/serving/serving-process.ts";
import { startServingProcess } from "#sandbox/serving/serving-process.ts";
import { artifactPath, deploymentName, digestOfArtifact, Environments, manifests } from "./environments.ts";
import type { GitHttp } from "./git-http.ts";
import { startGitHttp } from "./git-http.ts";
import { condition, kubernetesClient, weightsOf } from "./kubernetes-client.ts";

const patience = { timeout: 15_000, interval: 50 };
const baseline = deploymentName("cosine");
const candidate = deploymentName("bm25");

let folder: string;
let environments: Environments;
let host: GitHttp;
let serving: ServingProcess;
let load: ReturnType<typeof startLoadProcess>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "serving-"));
  environments = new Environments(folder);
  host = await startGitHttp(folder, "reader");
  writeFileSync(join(folder, "token"), "reader");
  for (const name of ["cosine", "bm25"]) publishArtifact(artifactPath(name), join(folder, "artifacts"));
  environments.commit(manifests({ cosine: 95, bm25: 5 }));
  serving = await startServingProcess({
    git: host.url,
    tokenFile: join(folder, "token"),
    environment: "production",
    namespace: "production",
    log: join(folder, "requests.jsonl"),
    artifacts: join(folder, "artifacts"),
  });
  await vi.waitUntil(async () => (await state()).routes[0]?.observedGeneration === 1, patience);
  load = startLoadProcess(serving.url);
}, 30_000);

afterAll(async () => {
  await load?.stop();
  await serving?.stop();
  host?.stop();
  rmSync(folder, { recursive: true });
});

describe("the serving stack", { timeout: 40_000 }, () => {
  test("answers a search with the ranked documents, the version and the digest, and a unit meets the same version each time", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => fetch(`${serving.url}/search?q=1&unit=u1`)));
    const [first] = await Promise.all(answers.map((answer) => answer.json()));
    expect(first).toMatchObject({ query_id: "1" });
    const served = new Set(answers.map((answer) => `${answer.headers.get("x-slipway-version")} ${answer.headers.get("x-slipway-digest")}`));
    expect([...served]).toEqual([`2026.11.02-1 ${digestOfArtifact("cosine")}`]);
  });

  test("sends about 5 % of the requests to a candidate of weight 5, which keeps nine in ten under 50 ms", async () => {
    await expect.poll(() => goodShare("bm25", 2_000), patience).toBeGreaterThan(0.9);
    await expect.poll(() => logged().length, patience).toBeGreaterThan(1_200);
    const requests = logged();
    const share = requests.filter(({ digest }) => digest === digestOfArtifact("bm25")).length / requests.length;
    expect(share).toBeGreaterThan(0.03);
    expect(share).toBeLessThan(0.07);
  });

  test("logs what a judge of clicks and latency needs", () => {
    const clicked = logged().filter((request) => request.clicked);
    expect(clicked.length).toBeGreaterThan(100);
    expect(clicked.every(({ clicked_rank }) => clicked_rank !== null && clicked_rank <= 10)).toBe(true);
    expect(new Set(logged().map(({ environment, model }) => `${environment} ${model}`))).toEqual(new Set(["production search-ranker"]));
  });

  test("counts for Prometheus what it logs", async () => {
    const before = logged().length;
    const text = await (await fetch(`${serving.url}/metrics`)).text();
    const counted = [...text.matchAll(/^model_requests_total\{(.*)\} (\d+)$/gm)];
    const total = counted.reduce((sum, [, , value]) => sum + Number(value), 0);
    expect(total).toBeGreaterThanOrEqual(before);
    expect(total).toBeLessThanOrEqual(logged().length);
    expect(text).toContain(`environment="production",model="search-ranker",digest="${digestOfArtifact("bm25")}",code="200"`);
    expect(text).toContain('model_request_duration_seconds_bucket{le="0.05"');
  });

  test("shows the Kubernetes client weights, digests and ready replicas, found by label", async () => {
    const cluster = kubernetesClient(serving.url, serving.kubernetesToken);
    const route = await cluster.route("search-ranker");
    expect(weightsOf(route)).toEqual({ [baseline]: 95, [candidate]: 5 });
    expect(condition(route, "Accepted")).toMatchObject({ status: "True", observedGeneration: route.metadata.generation });
    const found = await cluster.deployments(
      `app.kubernetes.io/name=search-ranker,slipway.dev/digest=${digestOfArtifact("bm25").slice(7, 23)}`,
    );
    expect(found.map(({ metadata }) => metadata?.annotations?.["slipway.dev/digest"])).toEqual([digestOfArtifact("bm25")]);
    expect((await cluster.deployment(baseline)).status).toMatchObject({
      readyReplicas: 1,
      replicas: 1,
      updatedReplicas: 1,
      observedGeneration: 1,
    });
    await expect(cluster.deployment("nobody")).rejects.toMatchObject({ code: 404 });
  });

  test("shows nothing to a client without the token, and takes no write", async () => {
    await expect(kubernetesClient(serving.url, "wrong").route("search-ranker")).rejects.toMatchObject({ code: 401 });
    const path = `/apis/gateway.networking.k8s.io/v1/namespaces/production/httproutes/search-ranker`;
    const answer = await fetch(`${serving.url}${path}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${serving.kubernetesToken}` },
    });
    expect(answer.status).toBe(405);
  });

  test("obeys a weight changed in Git and then says so, and at 25 % the candidate drowns while the baseline does not", async () => {
    const cluster = kubernetesClient(serving.url, serving.kubernetesToken);
    environments.commit(manifests({ cosine: 75, bm25: 25 }));
    await expect.poll(async () => condition(await cluster.route("search-ranker"), "Accepted")?.observedGeneration, patience).toBe(2);
    expect(weightsOf(await cluster.route("search-ranker"))).toEqual({ [baseline]: 75, [candidate]: 25 });
    await expect.poll(() => goodShare("bm25", 2_000), patience).toBeLessThan(0.5);
    await expect.poll(() => goodShare("cosine", 2_000), patience).toBeGreaterThan(0.9);
  });

  test("takes traffic off a candidate of weight 0 and keeps its process", async () => {
    environments.commit(manifests({ cosine: 100, bm25: 0 }));
    await expect.poll(async () => (await state()).routes[0]?.observedGeneration, patience).toBe(3);
    const since = Date.now() + 1_100;
    await expect.poll(() => logged().filter(({ time }) => Date.parse(time) > since).length, patience).toBeGreaterThan(100);
    expect(logged().filter(({ time, digest }) => Date.parse(time) > since && digest === digestOfArtifact("bm25"))).toEqual([]);
    expect((await replicaOf(candidate)).state).toBe("ready");
  });

  test("starts a backend again that was killed", async () => {
    const before = await replicaOf(candidate);
    process.kill(before.pid ?? 0, "SIGKILL");
    await expect.poll(async () => (await replicaOf(candidate)).restarts, patience).toBe(1);
    await expect.poll(async () => (await replicaOf(candidate)).state, patience).toBe("ready");
    expect((await replicaOf(candidate)).pid).not.toBe(before.pid);
  });

  test("leaves traffic alone while a route names a version whose artifact nobody has, says what it waits for, and then ends the version that Git dropped", async () => {
    const cluster = kubernetesClient(serving.url, serving.kubernetesToken);
    const { pid } = await replicaOf(candidate);
    environments.commit(manifests({ cosine: 95, "bm25-truncated": 5 }));
    await expect.poll(async () => (await cluster.route("search-ranker")).metadata.generation, patience).toBe(4);
    const route = await cluster.route("search-ranker");
    expect(condition(route, "Accepted")?.observedGeneration).toBe(3);
    expect(condition(route, "ResolvedRefs")).toMatchObject({ status: "False", reason: "BackendNotReady" });
    expect((await fetch(`${serving.url}/search?q=1&unit=u1`)).headers.get("x-slipway-digest")).toBe(digestOfArtifact("cosine"));

    publishArtifact(artifactPath("bm25-truncated"), join(folder, "artifacts"));
    await expect.poll(async () => condition(await cluster.route("search-ranker"), "Accepted")?.observedGeneration, patience).toBe(4);
    await expect.poll(() => isAlive(pid ?? process.pid), patience).toBe(false);
  });

  test("keeps what it serves when manifests are broken, and says which file is", async () => {
    environments.commit({ ...manifests({ cosine: 0, bm25: 100 }), "httproute.yaml": "apiVersion: [" });
    await expect.poll(async () => (await state()).refused["search-ranker"], patience).toContain("httproute.yaml");
    expect((await fetch(`${serving.url}/search?q=1&unit=u1`)).headers.get("x-slipway-digest")).toBe(digestOfArtifact("cosine"));
  });

  test("loads on an open loop and counts what came back", async () => {
    const counts = await load.stop();
    expect(counts.failed).toEqual({});
    expect(counts.sent).toBeGreaterThan(1_500);
    expect(counts.answered).toBeGreaterThan(counts.sent * 0.95);
  });

  test("ends on SIGTERM with its children and frees its port", async () => {
    const pids = (await state()).deployments.flatMap(({ replicas }) => replicas.flatMap(({ pid }) => pid ?? []));
    expect(pids.length).toBeGreaterThan(0);
    await serving.stop();
    expect(pids.filter(isAlive)).toEqual([]);
    await expect(connecting(Number(new URL(serving.url).port))).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});

const stateSchema = z.object({
  refused: z.record(z.string(), z.string()),
  routes: z.array(z.object({ observedGeneration: z.int() })),
  deployments: z.array(
    z.object({ name: z.string(), replicas: z.array(z.object({ state: z.string(), restarts: z.int(), pid: z.int().optional() })) }),
  ),
});

async function state() {
  return stateSchema.parse(await (await fetch(`${serving.url}/_serving/state`)).json());
}

async function replicaOf(deployment: string) {
  const replica = (await state()).deployments.find(({ name }) => name === deployment)?.replicas[0];
  return replica ?? { state: "none", restarts: 0, pid: undefined };
}

const lineSchema = z.object({
  time: z.iso.datetime({ precision: 3 }),
  environment: z.string(),
  model: z.string(),
  digest: z.string(),
  latency_ms: z.number(),
  status: z.int(),
  clicked: z.boolean(),
  clicked_rank: z.int().nullable(),
});

function logged() {
  const lines = readFileSync(join(folder, "requests.jsonl"), "utf8").trimEnd().split("\n");
  return lines.filter((line) => line !== "").map((line) => lineSchema.parse(JSON.parse(line)));
}

/** The share of a version's requests of the last stretch of time that were answered within 50 ms; none before there were 20. */
function goodShare(name: string, milliseconds: number): number | undefined {
  const since = Date.now() - milliseconds;
  const recent = logged().filter(({ time, digest }) => digest === digestOfArtifact(name) && Date.parse(time) > since);
  const good = recent.filter(({ status, latency_ms }) => status === 200 && latency_ms < 50);
  return recent.length < 20 ? undefined : good.length / recent.length;
}

const countsSchema = z.object({ sent: z.int(), answered: z.int(), failed: z.record(z.string(), z.int()) });

function startLoadProcess(router: string) {
  const source = join(import.meta.dirname, "..", "..", "..", "sandbox", "serving", "load.ts");
  const child = spawn(process.execPath, [source, "--router", router, "--seed", "7"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += String(chunk);
  });
  return {
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      return countsSchema.parse(JSON.parse(text));
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function connecting(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.destroy();
}
