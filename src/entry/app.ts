import { createServer } from "node:http";
import { join } from "node:path";
import { createNodeMiddleware, Probot } from "probot";
import { requestMetrics } from "#adapters/duckdb/request-metrics.ts";
import { githubApp } from "#adapters/github/github-app.ts";
import { kubernetesCluster } from "#adapters/kubernetes/cluster.ts";
import { oidcProvenance } from "#adapters/oidc/oidc-provenance.ts";
import { prometheusMetrics } from "#adapters/prometheus/request-metrics.ts";
import { sigstoreAttestations } from "#adapters/sigstore/sigstore-attestations.ts";
import { NoTrustRoot } from "#adapters/sigstore/trust-roots.ts";
import { commitShaSchema, loginSchema } from "#domain/model/names.ts";
import { millisecondsOf } from "#domain/model/time.ts";
import { answerLive } from "#flows/answer-live.ts";
import type { AttestationVerifier } from "#ports/attestations.ts";
import type { Cluster } from "#ports/cluster.ts";
import type { Metrics } from "#ports/metrics.ts";
import { Alarms } from "./alarms.ts";
import { type ActionApi, answerApi, apiPath } from "./api.ts";
import { Fleet } from "./fleet.ts";
import { jsonLog } from "./json-log.ts";
import { Lanes } from "./lanes.ts";
import { AppMetrics } from "./operations/app-metrics.ts";
import { countedLog } from "./operations/counted-log.ts";
import { answerProbe } from "./operations/probes.ts";
import { stopInTime } from "./operations/stop-in-time.ts";
import { patienceAfter } from "./patience.ts";
import { requiredPermissions } from "./permissions.ts";
import { CannotStart, readSettings, type Settings, SettingsError } from "./settings.ts";
import { Work } from "./work.ts";

const webhooksPath = "/api/github/webhooks";

/** GitHub's own bound on a webhook's payload is 25 MB; nothing that Slipway listens to comes near this. */
const largestWebhook = 5 * 1024 * 1024;

/** A token of the Action is used at once: GitHub's own expiry may be hours away. */
const longestTokenLife = 10 * 60_000;

/** The App as a process: webhooks and the Action's hints come in over HTTP, the timer does the same work without them. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const attestations = attestationsOf(settings);
  const counts = new AppMetrics();
  const log = countedLog(jsonLog(process.stdout, [settings.webhookSecret, settings.privateKey]), counts);
  const app = githubApp({
    baseUrl: settings.githubUrl,
    appId: settings.appId,
    privateKey: settings.privateKey,
    contentSpacing: settings.contentSpacing,
    log,
    observed: (answer) => counts.githubAnswered(answer),
  });
  const missing = await app.missing(requiredPermissions);
  if (missing.length > 0) throw new CannotStart("GitHub does not grant what it needs", missing);

  const metrics = await metricsOf(settings);
  const fleet = new Fleet({
    settings,
    app,
    metrics,
    cluster: clusterOf(settings),
    attestations,
    log,
    pushed: (outcome) => counts.pushed(outcome),
  });
  await fleet.refresh();
  const lanes = new Lanes(
    (task, error) => {
      const facts = { task: task.key, error: describeError(error) };
      const patience = patienceAfter(error);
      if (patience === undefined) log.warn("a task failed; the next resync tries again", facts);
      else log.warn("GitHub asks for patience; the task is done again after it", { ...facts, seconds: patience / 1000 });
    },
    patienceAfter,
    ({ key }, seconds, failed) => counts.worked(key, seconds, failed),
  );
  const work = new Work(fleet, lanes, new Alarms(), counts);

  const probot = new Probot({ appId: settings.appId, privateKey: settings.privateKey, secret: settings.webhookSecret, logLevel: "fatal" });
  const webhooks = await createNodeMiddleware((robot) => listen(robot, work), { probot, webhooksPath });
  const api = actionApi(settings, fleet, work);
  let ready = true;
  const server = createServer((request, response) => {
    const url = request.url ?? "/";
    if (answerProbe(counts.registry, request, response)) return;
    if (url.startsWith(webhooksPath)) response.once("finish", () => counts.webhook(request.headers["x-github-event"], response.statusCode));
    if (url.startsWith(apiPath)) {
      answerApi(api, request, response).catch((error: unknown) => {
        log.warn("an API call failed", { error: describeError(error) });
        response.writeHead(503).end();
      });
    } else if (request.headers["transfer-encoding"] !== undefined) response.writeHead(411).end("A webhook says how long it is.\n");
    else if (Number(request.headers["content-length"] ?? 0) > largestWebhook)
      response.writeHead(413).end(`A webhook has at most ${largestWebhook} bytes.\n`);
    else void webhooks(request, response, () => response.writeHead(404).end("Slipway answers nothing here.\n"));
  });
  await new Promise<void>((done) => server.listen(settings.port, settings.host, done));
  const address = server.address();
  log.info("Slipway is ready", {
    host: settings.host,
    port: typeof address === "object" ? address?.port : undefined,
    repositories: fleet.members.map(({ name }) => name),
  });

  work.resync();
  const timer = setInterval(() => work.resync(), settings.resyncMilliseconds);
  const stop = async (signal: string): Promise<void> => {
    if (!ready) return;
    ready = false;
    log.info("Slipway stops: it takes nothing new and finishes what is under way", { signal, running: lanes.running });
    clearInterval(timer);
    work.stop();
    server.close();
    const milliseconds = settings.shutdownMilliseconds;
    process.exit(await stopInTime({ close: () => lanes.close(), running: () => lanes.running, log, milliseconds }));
  };
  process.on("SIGTERM", (signal) => void stop(signal));
  process.on("SIGINT", (signal) => void stop(signal));
}

/** Webhooks are hints: each only names what to look at, whose truth is then read from GitHub and Git. */
function listen(robot: Pick<Probot, "on">, work: Work): void {
  robot.on(
    ["pull_request.opened", "pull_request.synchronize", "pull_request.reopened", "pull_request.edited", "pull_request.ready_for_review"],
    async ({ payload }) => {
      work.pullRequestChanged(payload.repository.id, payload.pull_request.number);
    },
  );
  robot.on("pull_request.closed", async ({ payload }) => {
    work.pullRequestClosed(payload.repository.id);
  });
  robot.on("merge_group.checks_requested", async ({ payload }) => {
    if (payload.repository !== undefined) work.mergeQueued(payload.repository.id);
  });
  robot.on("issue_comment.created", async ({ payload }) => {
    if (payload.issue.pull_request !== undefined) work.commented(payload.repository.id, payload.comment.id);
  });
  robot.on("check_run.requested_action", async ({ payload }) => {
    const { check_run: check, requested_action: action, sender } = payload;
    const head = commitShaSchema.safeParse(check.head_sha);
    const by = loginSchema.safeParse(sender.login);
    if (action?.identifier === undefined || sender.type === "Bot" || !head.success || !by.success) return;
    const pullRequests = check.pull_requests.map(({ number }) => number);
    work.clicked(payload.repository.id, { check: check.id, head: head.data, action: action.identifier, by: by.data, pullRequests });
  });
  robot.on("workflow_run.completed", async ({ payload }) => {
    work.runFinished(payload.repository.id, payload.workflow_run.id, payload.workflow_run.run_attempt);
  });
  robot.on("push", async ({ payload }) => {
    if (payload.ref !== `refs/heads/${payload.repository.default_branch}`) return;
    const changed = payload.commits.flatMap(({ added, modified, removed }) => [...(added ?? []), ...(modified ?? []), ...(removed ?? [])]);
    work.pushed(payload.repository.full_name, payload.repository.id, changed);
  });
}

function actionApi(settings: Settings, fleet: Fleet, work: Work): ActionApi {
  const provenance = oidcProvenance({ issuer: settings.oidcIssuer });
  return {
    async callerOf(token) {
      if (token === "") return undefined;
      const verified = await provenance.verify(token, await provenance.keys());
      if (verified.kind !== "signed" || verified.claims.audience !== "slipway:app") return undefined;
      if (Math.abs(Date.now() - millisecondsOf(verified.claims.issuedAt)) > longestTokenLife) return undefined;
      return { repositoryId: verified.claims.repositoryId };
    },
    async live(caller, models) {
      const member = fleet.memberOf(caller.repositoryId);
      return member && answerLive(member.world, member.id, models);
    },
    runFinished: ({ repositoryId }, { run, attempt }) => work.runFinished(repositoryId, run, attempt),
  };
}

async function metricsOf(settings: Settings): Promise<Metrics> {
  if (settings.requestLogs !== undefined)
    return requestMetrics([settings.requestLogs], { memoryLimit: "256MB", threads: 1, temporaryDirectory: join(settings.cache, "duckdb") });
  if (settings.prometheus !== undefined) return prometheusMetrics(settings.prometheus);
  const missing = () =>
    Promise.reject(
      new Error("No source of metrics is set: SLIPWAY_REQUEST_LOGS names the request logs, SLIPWAY_PROMETHEUS_URL a Prometheus."),
    );
  return { count: missing, firstBad: missing };
}

function attestationsOf({ sigstoreRoot, oidcIssuer, gitUrl }: Settings): AttestationVerifier {
  try {
    return sigstoreAttestations({ trustRoot: sigstoreRoot, issuer: oidcIssuer, server: gitUrl });
  } catch (error) {
    if (error instanceof NoTrustRoot) throw new SettingsError([`SLIPWAY_SIGSTORE_ROOT_FILE: ${error.message}`]);
    throw error;
  }
}

function clusterOf(settings: Settings): Cluster {
  if (settings.kubernetes !== undefined) return kubernetesCluster(settings.kubernetes);
  const unknown = { kind: "unknown", reason: "no cluster is set: SLIPWAY_KUBERNETES_URL or SLIPWAY_KUBECONFIG names it" } as const;
  return { observe: async () => unknown, tryOut: async () => unknown };
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof CannotStart ? error.message : describeError(error)}\n`);
  process.exit(1);
});
