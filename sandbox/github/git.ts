import { spawn } from "node:child_process";
import { once } from "node:events";

/** A git command that ended badly; `stderr` is what git said. */
class GitFailure extends Error {
  readonly exitCode: number;
  readonly stderr: string;
  constructor(args: readonly string[], exitCode: number, stderr: string) {
    super(`git ${args.join(" ")} ended with ${exitCode}: ${stderr.trim()}`);
    this.name = "GitFailure";
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

export interface GitOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

/** What every git of the double runs with: nobody's own configuration, no prompt. */
export const gitEnvironment: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? "/usr/bin:/bin",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
  LC_ALL: "C",
};

/** Never the synchronous variants: the double serves git's own requests from this process, it would wait for itself. */
export async function gitBytes(folder: string, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  const child = spawn("git", ["-C", folder, ...args], { env: { ...gitEnvironment, ...options.env }, stdio: "pipe" });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  child.stdin.on("error", () => {}); // git may end before it has read everything
  child.stdin.end(options.input ?? "");
  await once(child, "close");
  if (child.exitCode !== 0) throw new GitFailure(args, child.exitCode ?? -1, Buffer.concat(err).toString());
  return Buffer.concat(out);
}

/** Standard output without the last line's end. */
export async function git(folder: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  return (await gitBytes(folder, args, options)).toString().replace(/\n$/, "");
}

/** The output, or undefined where git answers "no" by its exit code. */
export async function gitAnswer(folder: string, args: readonly string[], options: GitOptions = {}): Promise<string | undefined> {
  try {
    return await git(folder, args, options);
  } catch (error) {
    if (error instanceof GitFailure) return undefined;
    throw error;
  }
}

export async function refsOf(folder: string, prefix = "refs/"): Promise<ReadonlyMap<string, string>> {
  const lines = await git(folder, ["for-each-ref", "--format=%(objectname) %(refname)", prefix]);
  return new Map(
    lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [line.slice(41), line.slice(0, 40)]),
  );
}

export async function branchTip(folder: string, branch: string): Promise<string | undefined> {
  return await gitAnswer(folder, ["rev-parse", "--verify", "--quiet", `refs/heads/${branch}^{commit}`]);
}

/** A commit for a SHA, a branch, a tag or a full ref name, in GitHub's order of looking. */
export async function resolveCommit(folder: string, name: string): Promise<string | undefined> {
  const candidates = /^[0-9a-f]{7,40}$/.test(name) ? [name] : [];
  candidates.push(`refs/heads/${name}`, `refs/tags/${name}`, name.startsWith("refs/") ? name : `refs/${name}`);
  if (name === "HEAD") candidates.unshift("HEAD");
  for (const candidate of candidates) {
    const commit = await gitAnswer(folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${candidate}^{commit}`]);
    if (commit !== undefined) return commit;
  }
  return undefined;
}

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
  readonly at: Date;
}

export async function writeCommit(folder: string, commit: NewCommit): Promise<string> {
  const date = `${Math.floor(commit.at.getTime() / 1000)} +0000`;
  const env = {
    GIT_AUTHOR_NAME: commit.author.name,
    GIT_AUTHOR_EMAIL: commit.author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: commit.committer.name,
    GIT_COMMITTER_EMAIL: commit.committer.email,
    GIT_COMMITTER_DATE: date,
  };
  const parents = commit.parents.flatMap((parent) => ["-p", parent]);
  return await git(folder, ["commit-tree", commit.tree, ...parents], { input: commit.message, env });
}

/** False when the ref no longer stands at `expected` (40 zeros: must not exist). */
export async function moveRef(folder: string, ref: string, to: string, expected: string): Promise<boolean> {
  return (await gitAnswer(folder, ["update-ref", "--end-of-options", ref, to, expected])) !== undefined;
}

export const noCommit = "0".repeat(40);
