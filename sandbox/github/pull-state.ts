// What git says about a pull request. Heads and bases are read from the bare repositories on every look, so a push is seen at once.
import { type Comparison, compare } from "./diff.ts";
import { branchTip, git, gitAnswer, moveRef, writeCommit } from "./git.ts";
import { gitHubItself } from "./people.ts";
import type { Issue, Pull, World } from "./world.ts";

export interface PullIssue extends Issue {
  readonly pull: Pull;
}

export function isPull(issue: Issue | undefined): issue is PullIssue {
  return issue?.pull !== undefined;
}

/** Brings head, base and `refs/pull/N/head` up to date; a closed pull request stands still. */
export async function refresh(issue: PullIssue): Promise<void> {
  const { pull, repository } = issue;
  if (issue.state !== "open") return;
  const [head, base] = await Promise.all([branchTip(pull.headRepository.folder, pull.headRef), branchTip(repository.folder, pull.baseRef)]);
  if (base !== undefined) pull.baseSha = base;
  if (head === undefined) return;
  pull.headSha = head;
  await publishHead(issue);
}

const published = new WeakMap<PullIssue, { readonly head: string; readonly done: Promise<void> }>();

/** Once for each head that the pull request comes to: whoever looks meanwhile waits for the same write. */
export async function publishHead(issue: PullIssue): Promise<void> {
  const head = issue.pull.headSha;
  const earlier = published.get(issue);
  const done = earlier?.head === head ? earlier.done : writeHead(issue, head);
  published.set(issue, { head, done });
  await done;
}

async function writeHead({ number, pull, repository }: PullIssue, head: string): Promise<void> {
  if (pull.headRepository !== repository) {
    await git(repository.folder, ["fetch", "--quiet", "--no-tags", pull.headRepository.folder, `refs/heads/${pull.headRef}`]);
  }
  await git(repository.folder, ["update-ref", `refs/pull/${number}/head`, head]);
}

export interface Mergeability {
  readonly mergeable: boolean;
  /** The test merge that GitHub keeps at `refs/pull/N/merge`. */
  readonly commit: string | null;
}

const tried = new WeakMap<PullIssue, { readonly key: string; readonly result: Promise<Mergeability> }>();

/** Tried once for each pair of base and head. */
export async function mergeability(world: World, issue: PullIssue): Promise<Mergeability> {
  const key = `${issue.pull.baseSha} ${issue.pull.headSha}`;
  const earlier = tried.get(issue);
  const result = earlier?.key === key ? earlier.result : tryMerge(world, issue);
  tried.set(issue, { key, result });
  return await result;
}

async function tryMerge(world: World, issue: PullIssue): Promise<Mergeability> {
  const { pull, repository } = issue;
  const [base, head] = [pull.baseSha, pull.headSha];
  const tree = await gitAnswer(repository.folder, ["merge-tree", "--write-tree", base, head]);
  if (tree === undefined) return { mergeable: false, commit: null };
  const commit = await writeCommit(repository.folder, {
    tree: tree.slice(0, 40),
    parents: [base, head],
    message: `Merge ${head} into ${base}\n`,
    author: gitHubItself,
    committer: gitHubItself,
    at: world.clock(),
  });
  await git(repository.folder, ["update-ref", `refs/pull/${issue.number}/merge`, commit]);
  return { mergeable: true, commit };
}

export async function changesOf(issue: PullIssue): Promise<Comparison> {
  const empty = { mergeBase: issue.pull.baseSha, ahead: 0, behind: 0, files: [] };
  // After a merge the base holds the head, and the comparison with it would be empty: the first parent of the merge is what it was.
  const base = issue.pull.mergeCommit === null ? issue.pull.baseSha : `${issue.pull.mergeCommit}^1`;
  return (await compare(issue.repository.folder, base, issue.pull.headSha)) ?? empty;
}

export interface MergeRequest {
  readonly method: "merge" | "squash";
  readonly title: string | undefined;
  readonly message: string | undefined;
  readonly by: { readonly name: string; readonly email: string };
}

/** Really merges: a commit by plumbing, then a compare-and-swap of the base branch. Undefined when the base moved meanwhile. */
export async function mergeInGit(world: World, issue: PullIssue, request: MergeRequest): Promise<string | undefined> {
  const { pull, repository } = issue;
  const [base, head] = [pull.baseSha, pull.headSha];
  const tree = await git(repository.folder, ["merge-tree", "--write-tree", base, head]);
  const squash = request.method === "squash";
  const title =
    request.title ??
    (squash
      ? `${issue.title} (#${issue.number})`
      : `Merge pull request #${issue.number} from ${pull.headRepository.owner}/${pull.headRef}`);
  const body = request.message ?? (squash ? "" : issue.title);
  const commit = await writeCommit(repository.folder, {
    tree: tree.slice(0, 40),
    parents: squash ? [base] : [base, head],
    message: body === "" ? `${title}\n` : `${title}\n\n${body}\n`,
    author: request.by,
    committer: gitHubItself,
    at: world.clock(),
  });
  return (await moveRef(repository.folder, `refs/heads/${pull.baseRef}`, commit, base)) ? commit : undefined;
}
