import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type GitHubApp, githubApp } from "#adapters/github/github-app.ts";
import { type CommitSha, commitShaSchema } from "#domain/model/names.ts";
import { commitFiles } from "#sandbox/github/commit-files.ts";
import { type GitHubDouble, startGitHubDouble } from "#sandbox/github/double.ts";
import { Fault } from "#sandbox/github/faults.ts";
import { branchTip } from "#sandbox/github/git.ts";
import type { Repository, RequestEntry } from "#sandbox/github/world.ts";

export const models = "acme/models";
export const environments = "acme/environments";

/** A GitHub with an organisation `acme`, its two repositories, and people: `ada` writes, `lee` administers, `eve` is nobody. */
export interface GitHubSandbox {
  readonly double: GitHubDouble;
  readonly github: GitHubApp;
  repository(name: string): Repository;
  /** A REST call by a person; throws unless it succeeds. */
  as(login: string, method: string, path: string, body?: unknown): Promise<unknown>;
  /** Commits on a branch; a new one starts at `main`. */
  commit(name: string, branch: string, files: Readonly<Record<string, string>>): Promise<CommitSha>;
  openPullRequest(login: string, name: string, branch: string, title?: string): Promise<number>;
  fault(fault: z.input<typeof Fault>): void;
  /** Calls since the last time this was asked, by method and operation. */
  calls(): readonly RequestEntry[];
  close(): Promise<void>;
}

export async function startGitHubSandbox(): Promise<GitHubSandbox> {
  const data = await mkdtemp(join(tmpdir(), "slipway-github-"));
  const people = ["ada", "lee", "eve"];
  const double = await startGitHubDouble({
    data,
    seed: {
      users: people.map((login) => ({ login })),
      organizations: [{ login: "acme", members: ["ada", "lee"], teams: { ranking: ["ada"], "on-call": ["lee"] } }],
      repositories: [models, environments].map((name) => ({
        owner: "acme",
        name: name.slice("acme/".length),
        permissions: { ada: "write", lee: "admin", eve: "read" },
      })),
    },
  });
  const github = githubApp({ baseUrl: double.url, appId: double.app.id, privateKey: double.app.privateKey, contentSpacing: 0 });
  let told = 0;

  const repository = (name: string): Repository => {
    const found = double.world.repositories.get(name);
    if (found === undefined) throw new Error(`no repository ${name}`);
    return found;
  };
  const as: GitHubSandbox["as"] = async (login, method, path, body) => {
    const response = await fetch(`${double.url}${path}`, {
      method,
      headers: { authorization: `token ${double.tokens[login]}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${login} ${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  const commit: GitHubSandbox["commit"] = async (name, branch, files) => {
    const there = repository(name);
    const main = await branchTip(there.folder, "main");
    if (main !== undefined && (await branchTip(there.folder, branch)) === undefined) {
      await as("lee", "POST", `/repos/${name}/git/refs`, { ref: `refs/heads/${branch}`, sha: main });
    }
    const listed = Object.entries(files).map(([path, content]) => ({ path, content }));
    const moved = await commitFiles(double.world, there, { branch, message: `Change ${branch}`, files: listed });
    return commitShaSchema.parse(moved?.after);
  };
  for (const name of [models, environments]) await commit(name, "main", { "README.md": `${name}\n` });

  return {
    double,
    github,
    repository,
    as,
    commit,
    async openPullRequest(login, name, branch, title = `Change ${branch}`) {
      const opened = await as(login, "POST", `/repos/${name}/pulls`, { head: branch, base: "main", title, body: "" });
      return z.object({ number: z.number() }).parse(opened).number;
    },
    fault: (fault) => double.world.faults.add(Fault.parse(fault)),
    calls() {
      const { requests } = double.world;
      const since = requests.slice(told);
      told = requests.length;
      return since;
    },
    async close() {
      await double.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** How often something was called, whatever came of it. */
export function count(calls: readonly RequestEntry[], operation: string): number {
  return calls.filter((call) => call.operation === operation).length;
}
