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
import { requestLog } from "./request-log.ts";
import { searchHandler } from "./router.ts";
import { servingState } from "./serving-state.ts";

const { values } = parseArgs({
  options: {
    git: { type: "string" },
    "token-file": { type: "string" },
    "kubernetes-token-file": { type: "string" },
    environment: { type: "string", default: "production" },
    namespace: { type: "string", default: "production" },
    log: { type: "string" },
    artifacts: { type: "string" },
    port: { type: "string", default: "0" },
    poll: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
  },
});
const { git, log: logPath, artifacts, environment, namespace } = values;
if (git === undefined || logPath === undefined || artifacts === undefined) {
  process.stderr.write(
    "usage: main.ts --git URL --log FILE --artifacts FOLDER [--token-file FILE] [--environment NAME] [--namespace NAME] …\n",
  );
  process.exit(64);
}

const now = (): string => new Date().toISOString();
const say = (event: Readonly<Record<string, unknown>>): boolean => process.stdout.write(`${JSON.stringify({ time: now(), ...event })}\n`);
const tokenFile = values["kubernetes-token-file"] ?? `${logPath}.kubernetes-token`;
if (!existsSync(tokenFile)) writeFileSync(tokenFile, `${randomBytes(24).toString("hex")}\n`, { mode: 0o600 });

const log = requestLog(logPath);
const cluster = new Cluster(
  (digest, changed) => startReplica(artifacts, digest, changed),
  now,
  (route, { generation, since, backends }) => {
    const weights = backends.map(({ pool, weight }) => ({ version: pool.version, digest: pool.digest, weight }));
    say({ event: "routed", route, generation, since, weights });
  },
);
const cache = mkdtempSync(join(tmpdir(), "serving-git-"));
const agent = startAgent({
  remote: gitRemote({ url: git, tokenFile: values["token-file"], cache }),
  environment,
  cluster,
  pollMilliseconds: Number(values.poll),
  now,
  applied: (commit) => say({ event: "applied", commit }),
});

const search = searchHandler({ environment, cluster, log, click: clickModel(readJudgments(), Number(values.seed)), now });
const kubernetes = kubernetesHandler(cluster, namespace, readFileSync(tokenFile, "utf8").trim());
const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://serving");
  if (url.pathname === "/search") return search(url, response);
  if (url.pathname === "/_serving/state") return servingState(response, { environment, namespace, agent: agent.state(), cluster });
  return kubernetes(request, url, response);
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
  agent.stop();
  await cluster.stop();
  server.closeAllConnections();
  log.close();
  rmSync(cache, { recursive: true, force: true });
  process.exit(0);
};
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
