/**
 * The serving stack as a process: a GitOps agent, the backends it keeps alive, a router in front of them, and the Kubernetes API's view of
 * it all, on one port. It prints one JSON line per event (`ready`, `applied`, `routed`) and ends cleanly on SIGTERM and SIGINT.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readJudgments } from "#sandbox/rankers/cranfield.ts";
import { startAgent } from "./agent.ts";
import { clickModel } from "./clicks.ts";
import { Cluster } from "./cluster.ts";
import { gitRemote } from "./git-remote.ts";
import { kubernetesHandler } from "./kubernetes-api.ts";
import { startReplica } from "./replica.ts";
import { countedLog } from "./request-counters.ts";
import { requestLog } from "./request-log.ts";
import { searchHandler } from "./router.ts";
import { servingState } from "./serving-state.ts";

const { values } = parseArgs({
  options: {
    git: { type: "string" },
    "token-file": { type: "string" },
    "kubernetes-token-file": { type: "string" },
    environment: { type: "string", default: "production" },
    namespace: { type: "string" },
    log: { type: "string" },
    artifacts: { type: "string" },
    port: { type: "string", default: "0" },
    poll: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
  },
});
const { git, log: logPath, artifacts } = values;
const environments = values.environment.split(",");
const namespaces = values.namespace?.split(",") ?? environments;
if (git === undefined || logPath === undefined || artifacts === undefined || namespaces.length !== environments.length) {
  process.stderr.write(
    "usage: main.ts --git URL --log FILE --artifacts FOLDER [--token-file FILE] [--environment NAME,…] [--namespace NAME,…] …\n",
  );
  process.exit(64);
}

const now = (): string => new Date().toISOString();
const say = (event: Readonly<Record<string, unknown>>): boolean => process.stdout.write(`${JSON.stringify({ time: now(), ...event })}\n`);
const tokenFile = values["kubernetes-token-file"] ?? `${logPath}.kubernetes-token`;
if (!existsSync(tokenFile)) writeFileSync(tokenFile, `${randomBytes(24).toString("hex")}\n`, { mode: 0o600 });
const token = readFileSync(tokenFile, "utf8").trim();

const log = countedLog(requestLog(logPath));
const cache = mkdtempSync(join(tmpdir(), "serving-git-"));
const click = clickModel(readJudgments(), Number(values.seed));
const served = environments.map((environment, index) =>
  serve({ git, artifacts, environment, namespace: namespaces[index] ?? environment }),
);
const [first] = served;
if (first === undefined) throw new RangeError("there is no environment to serve");

type Place = { readonly git: string; readonly artifacts: string; readonly environment: string; readonly namespace: string };

/** One environment: its agent, its cluster and its router. */
function serve(place: Place) {
  const { environment, namespace } = place;
  const cluster = new Cluster(
    (digest, changed) => startReplica(place.artifacts, digest, changed),
    now,
    (route, { generation, since, backends }) => {
      const weights = backends.map(({ pool, weight }) => ({ version: pool.version, digest: pool.digest, weight }));
      say({ event: "routed", environment, route, generation, since, weights });
    },
  );
  const agent = startAgent({
    remote: gitRemote({ url: place.git, tokenFile: values["token-file"], cache: join(cache, environment) }),
    environment,
    cluster,
    pollMilliseconds: Number(values.poll),
    now,
    applied: (commit) => say({ event: "applied", environment, commit }),
  });
  return {
    environment,
    namespace,
    cluster,
    agent,
    search: searchHandler({ environment, cluster, log, click, now }),
    kubernetes: kubernetesHandler(cluster, namespace, token),
  };
}

/** People search the first environment unless they name another; the Kubernetes API is asked by namespace. */
const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://serving");
  const wanted = url.searchParams.get("environment");
  const one =
    served.find(({ environment, namespace }) => environment === wanted || url.pathname.includes(`/namespaces/${namespace}/`)) ?? first;
  if (url.pathname === "/search") return one.search(url, response);
  if (url.pathname === "/metrics") return void log.metrics(response);
  if (url.pathname === "/_serving/state") {
    const { environment, namespace, agent, cluster } = one;
    return servingState(response, { environment, namespace, agent: agent.state(), cluster });
  }
  return one.kubernetes(request, url, response);
});
server.keepAliveTimeout = 0;
server.listen(Number(values.port), "127.0.0.1", () => {
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  say({ event: "ready", url: `http://127.0.0.1:${port}`, kubernetesTokenFile: tokenFile, pid: process.pid });
});

let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  server.close();
  for (const { agent } of served) agent.stop();
  await Promise.all(served.map(({ cluster }) => cluster.stop()));
  server.closeAllConnections();
  log.close();
  rmSync(cache, { recursive: true, force: true });
  process.exit(0);
};
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
