import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { Agent } from "node:http";
import { join } from "node:path";
import { z } from "zod";
import { findArtifact } from "./artifact-store.ts";

export type Endpoint = { readonly port: number; readonly agent: Agent };

export type ReplicaState =
  | { readonly kind: "starting" }
  | { readonly kind: "ready"; readonly endpoint: Endpoint; readonly pid: number }
  | { readonly kind: "waiting-to-restart"; readonly why: string }
  | { readonly kind: "stopped" };

export type Replica = {
  state(): ReplicaState;
  restarts(): number;
  stop(): Promise<void>;
};

const backendSource = join(import.meta.dirname, "backend.ts");
const readySchema = z.object({ port: z.int() });
const shortestPause = 200;
const longestPause = 5_000;

/** Keeps one backend process alive until it is stopped, pausing longer after each failed start, and says whenever its state changes. */
export function startReplica(artifacts: string, digest: string, changed: () => void): Replica {
  let state: ReplicaState = { kind: "starting" };
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let restarts = 0;
  let pause = shortestPause;
  let ended: Promise<void> = Promise.resolve();

  const become = (next: ReplicaState): void => {
    if (state.kind === "ready") state.endpoint.agent.destroy();
    state = next;
    changed();
  };
  const restartLater = (why: string): void => {
    become({ kind: "waiting-to-restart", why });
    timer = setTimeout(() => {
      restarts += 1;
      start();
    }, pause);
    pause = Math.min(2 * pause, longestPause);
  };
  const start = (): void => {
    const path = artifactOrReason(artifacts, digest);
    if (path.kind === "missing") return restartLater(path.why);
    become({ kind: "starting" });
    const forked = fork(backendSource, [path.path, digest], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    child = forked;
    forked.on("message", (message) => {
      const { port } = readySchema.parse(message);
      pause = shortestPause;
      become({ kind: "ready", endpoint: { port, agent: new Agent({ keepAlive: true, maxSockets: 512 }) }, pid: forked.pid ?? 0 });
    });
    ended = new Promise((resolve) => {
      forked.on("exit", (code, signal) => {
        resolve();
        if (state.kind !== "stopped") restartLater(`ended with ${signal ?? `exit code ${code}`}`);
      });
    });
  };

  start();
  return {
    state: () => state,
    restarts: () => restarts,
    async stop() {
      clearTimeout(timer);
      become({ kind: "stopped" });
      child?.kill("SIGTERM");
      const killer = setTimeout(() => child?.kill("SIGKILL"), 2_000);
      await ended;
      clearTimeout(killer);
    },
  };
}

function artifactOrReason(folder: string, digest: string): { kind: "found"; path: string } | { kind: "missing"; why: string } {
  try {
    const path = findArtifact(folder, digest);
    return path === undefined ? { kind: "missing", why: `${folder} holds no artifact ${digest}` } : { kind: "found", path };
  } catch (cause) {
    return { kind: "missing", why: cause instanceof Error ? cause.message : String(cause) };
  }
}
