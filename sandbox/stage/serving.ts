import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Running } from "./processes.ts";
import type { Stage } from "./stage.ts";

const root = join(import.meta.dirname, "../..");

/** The serving stack: a GitOps agent, backends, a router, the Kubernetes API and request logs. */
export interface Serving {
  readonly stack: Running;
  readonly url: string;
  readonly requestLog: string;
  /** People begin to search, about so many times a second. */
  search(rate?: number, environment?: "production" | "staging"): void;
  /** When the router was first seen to give a version this weight, at or after a moment (epoch milliseconds). */
  routedAt(digest: string, weight: number, since: number): number | undefined;
}

/** Starts it and tells the App where it is: an App that is started afterwards sees it. */
export async function startServing(stage: Stage): Promise<Serving> {
  const requestLog = join(stage.folder, "requests.jsonl");
  const gitToken = join(stage.folder, "agent.token");
  await writeFile(gitToken, `${(await stage.double.user("gitops-agent")).token}\n`, { mode: 0o600 });
  await stage.double.ask("PUT", "repositories/acme/environments/permissions", { "gitops-agent": "read" });
  const argv = [join(root, "sandbox/serving/main.ts"), "--git", `${stage.double.url}/acme/environments.git`, "--token-file", gitToken];
  const stack = stage.processes.start({
    name: "serving",
    argv: [
      ...argv,
      "--log",
      requestLog,
      "--artifacts",
      join(stage.folder, "artifacts"),
      "--environment",
      "production,staging",
      "--poll",
      "400",
    ],
    logFile: join(stage.folder, "logs/serving.log"),
  });
  const ready = await stack.line((line) => line["event"] === "ready");
  await stack.line((line) => line["event"] === "routed");
  const url = String(ready["url"]);
  const tokenFile = String(ready["kubernetesTokenFile"]);
  await readFile(tokenFile);
  Object.assign(stage.appEnvironment, {
    SLIPWAY_KUBERNETES_URL: url,
    SLIPWAY_KUBERNETES_TOKEN_FILE: tokenFile,
    SLIPWAY_REQUEST_LOGS: requestLog,
  });
  return {
    stack,
    url,
    requestLog,
    search: (rate = 300, environment = "production") => {
      const argv = [join(root, "sandbox/serving/load.ts"), "--router", url, "--rate", String(rate), "--environment", environment];
      const name = environment === "production" ? "load" : `load-${environment}`;
      stage.processes.start({ name, argv, logFile: join(stage.folder, `logs/${name}.log`) });
    },
    routedAt: (digest, weight, since) => routedAt(stack, digest, weight, since),
  };
}

function routedAt(stack: Running, digest: string, weight: number, since: number): number | undefined {
  for (const line of stack.lines()) {
    const time = Date.parse(String(line["time"]));
    if (line["event"] !== "routed" || time < since) continue;
    const weights: unknown = line["weights"];
    const served = Array.isArray(weights) ? weights.find((entry: { digest?: unknown }) => entry.digest === digest) : undefined;
    if ((served?.weight ?? 0) === weight) return time;
  }
  return undefined;
}
