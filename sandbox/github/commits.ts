import { git, gitAnswer } from "./git.ts";
import { simpleUser } from "./people.ts";
import { apiUrl, htmlUrl } from "./show-repository.ts";
import { nodeId, type Repository, type World } from "./world.ts";

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

const fields = ["%H", "%T", "%P", "%an", "%ae", "%at", "%cn", "%ce", "%ct", "%B"].join("%x00");

/** The commits that `git log` lists for these arguments, newest first. */
export async function logOf(folder: string, args: readonly string[]): Promise<readonly Commit[]> {
  const text = await git(folder, ["log", "-z", `--format=tformat:${fields}%x00`, ...args]);
  const parts = text.split("\0");
  const commits: Commit[] = [];
  // Ten fields and, by -z, one more terminator: eleven steps a commit.
  for (let at = 0; at + 9 < parts.length; at += 11) commits.push(commitOf(parts.slice(at, at + 10)));
  return commits;
}

export async function readCommit(folder: string, sha: string): Promise<Commit | undefined> {
  const kind = await gitAnswer(folder, ["cat-file", "-t", "--end-of-options", sha]);
  if (kind !== "commit") return undefined;
  return (await logOf(folder, ["-1", sha]))[0];
}

function commitOf(parts: readonly string[]): Commit {
  const [
    sha = "",
    tree = "",
    parents = "",
    authorName = "",
    authorEmail = "",
    authored = "0",
    name = "",
    email = "",
    committed = "0",
    message = "",
  ] = parts;
  const date = (seconds: string): string => new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");
  return {
    sha,
    tree,
    parents: parents.split(" ").filter((parent) => parent !== ""),
    author: { name: authorName, email: authorEmail, date: date(authored) },
    committer: { name, email, date: date(committed) },
    message: message.replace(/\n+$/, ""),
  };
}

const unsigned = { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null } as const;

function parentsOf(world: World, repository: Repository, commit: Commit, kind: string): readonly Record<string, string>[] {
  return commit.parents.map((sha) => ({
    sha,
    url: `${apiUrl(world, repository)}/${kind}/${sha}`,
    html_url: `${htmlUrl(world, repository)}/commit/${sha}`,
  }));
}

/** The answer of git/commits. */
export function showGitCommit(world: World, repository: Repository, commit: Commit): Record<string, unknown> {
  const api = apiUrl(world, repository);
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    url: `${api}/git/commits/${commit.sha}`,
    html_url: `${htmlUrl(world, repository)}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: parentsOf(world, repository, commit, "git/commits"),
    verification: unsigned,
  };
}

/** The answer of commits: GitHub adds the accounts that it recognises by their e-mail address. */
export function showCommit(world: World, repository: Repository, commit: Commit): Record<string, unknown> {
  const api = apiUrl(world, repository);
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    url: `${api}/commits/${commit.sha}`,
    html_url: `${htmlUrl(world, repository)}/commit/${commit.sha}`,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    commit: {
      url: `${api}/git/commits/${commit.sha}`,
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      verification: unsigned,
    },
    author: accountBehind(world, commit.author),
    committer: accountBehind(world, commit.committer),
    parents: parentsOf(world, repository, commit, "commits"),
  };
}

function accountBehind(world: World, signature: Signature): Record<string, unknown> | null {
  const login = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/.exec(signature.email)?.[1];
  return login !== undefined && world.accounts.has(login) ? simpleUser(world, login) : null;
}
