import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ProbotOctokit } from "probot";
import { type DoubleOptions, type GitHubDouble, startGitHubDouble } from "#sandbox/github/double.ts";

export type Octokit = InstanceType<typeof ProbotOctokit>;

export interface DoubleUnderTest extends GitHubDouble {
  readonly folder: string;
  as(login: string): Octokit;
  asApp(): Octokit;
  withToken(token: string): Octokit;
  /** A client that holds an installation token of these repositories and permissions only. */
  asInstallation(repositories: string[], permissions: Record<string, "read" | "write">): Promise<Octokit>;
  installationToken(repositories: string[], permissions: Record<string, "read" | "write">): Promise<string>;
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  git(...args: string[]): Promise<GitResult>;
  clone(repository: string, token: string): Promise<string>;
  /** Commits files in a clone and pushes them to a branch. */
  push(clone: string, branch: string, files: Record<string, string>): Promise<string>;
  stop(): Promise<void>;
}

export interface GitResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const people = ["ada", "bob", "eve"];

/** acme with two repositories: ada maintains, bob reads, eve is a stranger; the App is installed. */
export async function doubleUnderTest(options: Partial<DoubleOptions> = {}): Promise<DoubleUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "double-"));
  const files = join(folder, "files");
  await write(files, { "README.md": "hello\n", "models/ranker/model.yaml": "name: ranker\nversion: 1\n" });
  const double = await startGitHubDouble({
    data: join(folder, "data"),
    seed: {
      users: people.map((login) => ({ login })),
      organizations: [{ login: "acme", members: ["ada", "bob"], teams: { ranking: ["ada"] } }],
      repositories: [
        { owner: "acme", name: "models", from: files, author: "ada", permissions: { ada: "maintain", bob: "read" } },
        {
          owner: "acme",
          name: "environments",
          from: files,
          author: "ada",
          permissions: { ada: "write" },
          protection: [{ branch: "main", bypass: ["slipway[bot]"] }],
        },
      ],
    },
    ...options,
  });
  const client = (auth: Record<string, unknown>): Octokit =>
    new ProbotOctokit({ auth, baseUrl: double.url, retry: { enabled: false }, throttle: { enabled: false }, log: silent });
  const asApp = (): Octokit => client({ appId: double.app.id, privateKey: double.app.privateKey });
  const git = (...args: string[]): Promise<GitResult> =>
    new Promise((done) => {
      const env = { PATH: process.env.PATH, HOME: folder, GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_NOSYSTEM: "1" };
      execFile("git", ["-c", "user.name=ada", "-c", "user.email=ada@example.org", ...args], { env }, (error, stdout, stderr) =>
        done({ code: error === null ? 0 : Number(error.code), out: stdout.trim(), err: stderr }),
      );
    });
  const installationToken = async (repositories: string[], permissions: Record<string, "read" | "write">): Promise<string> => {
    const { data } = await asApp().rest.apps.createInstallationAccessToken({ installation_id: 1, repositories, permissions });
    return data.token;
  };
  let clones = 0;
  return {
    ...double,
    folder,
    as: (login) => client({ token: double.tokens[login] }),
    asApp,
    withToken: (token) => client({ token }),
    installationToken,
    asInstallation: async (repositories, permissions) => client({ token: await installationToken(repositories, permissions) }),
    control: async (method, path, body) => {
      const answer = await fetch(`${double.url}/_double/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${answer.status} ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    },
    git,
    clone: async (repository, token) => {
      clones += 1;
      const target = join(folder, `clone-${clones}`);
      const url = `${double.url.replace("//", `//x-access-token:${token}@`)}/${repository}.git`;
      const { code, err } = await git("clone", "--quiet", url, target);
      if (code !== 0) throw new Error(err);
      return target;
    },
    push: async (clone, branch, changed) => {
      await write(clone, changed);
      await git("-C", clone, "add", "--all");
      await git("-C", clone, "commit", "--quiet", "--message", `Change ${Object.keys(changed).join(", ")}`);
      const { code, err } = await git("-C", clone, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
      if (code !== 0) throw new Error(err);
      return (await git("-C", clone, "rev-parse", "HEAD")).out;
    },
    stop: async () => {
      await double.world.webhooks.idle();
      await double.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** The status an API call was refused with, or 0. */
export async function refused(call: Promise<unknown>): Promise<number> {
  try {
    await call;
    return 0;
  } catch (error) {
    if (error instanceof Error && "status" in error && typeof error.status === "number") return error.status;
    throw error;
  }
}
