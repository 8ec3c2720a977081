import { mkdirSync, writeFileSync } from "node:fs";
import { Agent, createServer } from "node:http";
import { join } from "node:path";
import { startAgent } from "#sandbox/serving/agent.ts";
import { Cluster, type Routing } from "#sandbox/serving/cluster.ts";
import { gitRemote } from "#sandbox/serving/git-remote.ts";
import { kubernetesHandler } from "#sandbox/serving/kubernetes-api.ts";
import type { Replica } from "#sandbox/serving/replica.ts";
import { requestLog } from "#sandbox/serving/request-log.ts";
import type { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";

/** A cluster that obeys Git at once, under traffic that does not depend on how busy this machine is. */
export interface SteadyServing {
  /** From the first commit that gives a version this weight, Git is not obeyed until {@link SteadyServing.follow}. */
  standStillBefore(weight: number): void;
  follow(): void;
  /** The weights that traffic meets, by digest. */
  weights(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

const token = "steady-serving";
const pollEvery = 100;

/** Requests of each version that has weight, per second: enough to judge a window of a second. */
const rate = 200;
const fast = 5;
const slow = 500;
/** From this weight on, the slow version is slow. */
const tooMuch = 25;

/**
 * The sandbox's own GitOps agent, cluster and Kubernetes API. Only what would make the time of a story depend on the machine is left out:
 * a replica is ready at once, and requests are logged for the moments at which they were due, those of the slow version slow from 25 % on.
 */
export async function startSteadyServing(stage: Stage): Promise<SteadyServing> {
  const tokenFile = join(stage.folder, "kubernetes.token");
  const gitToken = join(stage.folder, "agent.token");
  const log = join(stage.folder, "requests.jsonl");
  writeFileSync(tokenFile, token, { mode: 0o600 });
  writeFileSync(gitToken, (await stage.double.user("gitops-agent")).token, { mode: 0o600 });
  await stage.double.ask("PUT", "repositories/acme/environments/permissions", { "gitops-agent": "read" });
  const cache = join(stage.folder, "agent-git");
  mkdirSync(cache, { recursive: true });

  const now = (): string => new Date().toISOString();
  const traffic = startTraffic(log);
  const cluster = new Cluster(readyAtOnce, now, (_, routing) => traffic.route(routing));
  const git = gitRemote({ url: `${stage.double.url}/acme/environments.git`, tokenFile: gitToken, cache });
  let still: { readonly weight: number; readonly over: PromiseWithResolvers<void> } | undefined;
  const agent = startAgent({
    remote: {
      tip: () => git.tip(),
      async snapshot(folder) {
        const found = await git.snapshot(folder);
        if (still !== undefined && gives(found.files, still.weight)) await still.over.promise;
        return found;
      },
    },
    environment: "production",
    cluster,
    pollMilliseconds: pollEvery,
    now,
  });

  const kubernetes = kubernetesHandler(cluster, "production", token);
  const server = createServer((request, response) => kubernetes(request, new URL(request.url ?? "/", "http://serving"), response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  Object.assign(stage.appEnvironment, {
    SLIPWAY_KUBERNETES_URL: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    SLIPWAY_KUBERNETES_TOKEN_FILE: tokenFile,
    SLIPWAY_REQUEST_LOGS: log,
  });
  return {
    standStillBefore(weight) {
      still = { weight, over: Promise.withResolvers() };
    },
    follow() {
      still?.over.resolve();
      still = undefined;
    },
    weights: () => traffic.weights(),
    async stop() {
      still?.over.resolve();
      agent.stop();
      traffic.stop();
      await cluster.stop();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function gives(files: ReadonlyMap<string, string>, weight: number): boolean {
  return [...files.values()].some((text) => new RegExp(`\\bweight: ${weight}$`, "m").test(text));
}

/** Writes down the requests of each version that has weight: for every moment at which one was due, however late the writing is. */
function startTraffic(path: string) {
  const log = requestLog(path);
  const every = 1000 / rate;
  let routing: Routing | undefined;
  let due = Date.now();
  const catchUp = (until: number): void => {
    for (; due < until; due += every) {
      for (const { pool, weight } of routing?.backends ?? []) {
        if (weight === 0) continue;
        const latency = pool.digest === versions.slow.digest && weight >= tooMuch ? slow : fast;
        log.append({
          time: new Date(due).toISOString(),
          environment: "production",
          model: routing?.model ?? "",
          version: pool.version,
          digest: pool.digest,
          query_id: "1",
          unit: "u1",
          latency_ms: latency,
          status: 200,
          clicked: false,
          clicked_rank: null,
        });
      }
    }
  };
  const timer = setInterval(() => catchUp(Date.now()), pollEvery / 2);
  return {
    route(next: Routing): void {
      catchUp(Date.now());
      routing = next;
    },
    weights: () => Object.fromEntries(routing?.backends.map(({ pool, weight }) => [pool.digest, weight]) ?? []),
    stop(): void {
      clearInterval(timer);
      log.close();
    },
  };
}

function readyAtOnce(): Replica {
  const agent = new Agent();
  let stopped = false;
  return {
    state: () => (stopped ? { kind: "stopped" } : { kind: "ready", endpoint: { port: 0, agent }, pid: process.pid }),
    restarts: () => 0,
    async stop() {
      stopped = true;
    },
  };
}
