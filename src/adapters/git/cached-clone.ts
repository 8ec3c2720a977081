/**
 * A bare, blobless clone, kept as a cache.
 *
 * Concurrency: one process per folder, one operation at a time (callers queue here, in order). Nothing in the folder is needed: when it
 * is gone or damaged it is made again, and the operation that noticed runs once more, from its start. Between processes only the
 * remote decides, by compare-and-swap pushes.
 *
 * Credentials: the token is asked for before each command that talks to the host and travels in that process's environment only. No
 * configuration is read from the machine or kept in the folder: all of it is in `configuration` below.
 */
import { mkdir, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Clone, Git } from "./git.ts";
import { GitFailure } from "./git-failure.ts";
import { type GitEnvironment, gitProcess } from "./git-process.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { Secret } from "./secret.ts";

export interface CachedCloneSettings {
  /** `https://github.com/acme/environments.git`; plain http only on this machine. */
  readonly url: string;
  /** The clone itself; only this object may use it, anyone may delete it. */
  readonly folder: string;
  /** An installation token that is valid now. */
  token(): Promise<string>;
}

/** Git keeps no credentials here, runs no hooks, follows no redirect with our token, and tidies up inside the queue. */
const configuration = {
  "core.hooksPath": "/dev/null",
  "http.followRedirects": "false",
  "http.lowSpeedLimit": "1",
  "http.lowSpeedTime": "30",
  "gc.autoDetach": "false",
  "maintenance.autoDetach": "false",
} as const satisfies Record<string, string>;

/** Only commands that may use the network know that objects can be had from there: for the others a missing one is missing. */
const partial = { "remote.origin.promisor": "true", "remote.origin.partialCloneFilter": "blob:none" } as const;

/** Where to find git, the proxy and the certificates of this machine; all else stays out. */
const inherited = ["PATH", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO"];

export function cachedClone(settings: CachedCloneSettings): Clone {
  const folder = resolve(settings.folder);
  const protocol = protocolOf(settings.url);
  const remote = {
    ...configuration,
    ...partial,
    "remote.origin.url": settings.url,
    "remote.origin.fetch": "+refs/heads/*:refs/remotes/origin/*",
  };
  const git = gitProcess({
    folder,
    environment: { ...basics(folder), ...asVariables(configuration), GIT_ALLOW_PROTOCOL: "none" },
    credentials: async () => {
      const token = await settings.token();
      const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
      const header = new Secret(`Authorization: Basic ${basic}`);
      return {
        environment: { ...asVariables({ ...remote, "http.extraHeader": header }), GIT_ALLOW_PROTOCOL: protocol },
        secrets: [token, basic],
      };
    },
    unsafe: { allowUnsafeConfigEnvCount: true, allowUnsafeHooksPath: true },
  });
  const queue = oneAtATime();

  return { use: (work) => queue(() => withRecovery(folder, git, work)) };
}

async function withRecovery<T>(folder: string, git: Git, work: (git: Git) => Promise<T>): Promise<T> {
  try {
    await make(folder, git);
    return await work(git);
  } catch (error) {
    if (!(error instanceof GitFailure) || error.where === "remote") throw error;
    await rm(folder, { recursive: true, force: true });
    await make(folder, git);
    return work(git);
  }
}

async function make(folder: string, git: Git): Promise<void> {
  if (await isRepository(folder)) return;
  await mkdir(folder, { recursive: true });
  await git.local(["init", "--bare", "--initial-branch=main", "."]);
}

async function isRepository(folder: string): Promise<boolean> {
  const found = await Promise.allSettled(["HEAD", "config", "objects", "refs"].map((name) => stat(join(folder, name))));
  return found.every(({ status }) => status === "fulfilled");
}

function basics(folder: string): GitEnvironment {
  const known = inherited.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  return {
    ...Object.fromEntries(known),
    HOME: folder,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_LITERAL_PATHSPECS: "1",
  };
}

function asVariables(values: Readonly<Record<string, string | Secret>>): GitEnvironment {
  const pairs = Object.entries(values).flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key] as const,
    [`GIT_CONFIG_VALUE_${index}`, value] as const,
  ]);
  return { ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(Object.keys(values).length) };
}

/** A token sent in the clear, or written into a URL that Git prints, is everybody's. */
function protocolOf(url: string): "http" | "https" {
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== "" || password !== "") throw new RangeError("the URL of the environments repository must not hold credentials");
  if (protocol === "https:") return "https";
  if (protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname)) return "http";
  throw new RangeError(`the environments repository is reached over https, not by ${protocol}//${hostname}`);
}
