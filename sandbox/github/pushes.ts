// What follows when refs have moved, whoever moved them: a push, a merge or a call of the API.
import { type Commit, logOf, readCommit } from "./commits.ts";
import { git, gitAnswer, noCommit } from "./git.ts";
import { loginOf } from "./people.ts";
import { isPull, type PullIssue, publishHead, refresh } from "./pull-state.ts";
import { showPull } from "./show-pull.ts";
import { htmlUrl, webhookFrame } from "./show-repository.ts";
import type { Identity, Repository, World } from "./world.ts";

export interface RefChange {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

export async function afterPush(world: World, repository: Repository, pusher: Identity, changes: readonly RefChange[]): Promise<void> {
  for (const change of changes) {
    // GitHub's push event is about branches and tags; refs outside them move silently (untried for refs/slipway).
    if (!/^refs\/(heads|tags)\//.test(change.ref)) continue;
    await announcePush(world, repository, pusher, change);
    const branch = /^refs\/heads\/(.+)$/.exec(change.ref)?.[1];
    if (branch === undefined) continue;
    await announceMergeGroup(world, repository, pusher, change, branch);
    for (const issue of openPulls(world)) {
      if (issue.pull.headRepository === repository && issue.pull.headRef === branch) await headMoved(world, issue, pusher, change);
      if (issue.repository === repository && issue.pull.baseRef === branch) await baseMoved(world, issue, pusher);
    }
  }
}

function openPulls(world: World): readonly PullIssue[] {
  return [...world.repositories.values()].flatMap((repository) =>
    repository.issues.filter(isPull).filter((issue) => issue.state === "open"),
  );
}

async function headMoved(world: World, issue: PullIssue, pusher: Identity, change: RefChange): Promise<void> {
  if (change.after === noCommit) {
    await closePull(world, issue, pusher);
    return;
  }
  issue.pull.headSha = change.after;
  issue.updatedAt = world.clock();
  await publishHead(issue);
  await announcePull(world, issue, pusher, "synchronize", { before: change.before, after: change.after });
}

/** A base that has come to hold the head, by whatever way, means merged. */
async function baseMoved(world: World, issue: PullIssue, pusher: Identity): Promise<void> {
  await refresh(issue);
  const { pull, repository } = issue;
  const held = await gitAnswer(repository.folder, ["merge-base", "--is-ancestor", pull.headSha, `refs/heads/${pull.baseRef}`]);
  if (held === undefined || issue.state !== "open") return;
  await markMerged(world, issue, pusher, pull.baseSha);
}

export async function markMerged(world: World, issue: PullIssue, by: Identity, commit: string): Promise<void> {
  issue.pull.mergedAt = world.clock();
  issue.pull.mergedBy = loginOf(by);
  issue.pull.mergeCommit = commit;
  await closePull(world, issue, by);
}

export async function closePull(world: World, issue: PullIssue, by: Identity): Promise<void> {
  issue.state = "closed";
  issue.closedAt = world.clock();
  issue.closedBy = loginOf(by);
  issue.updatedAt = world.clock();
  await announcePull(world, issue, by, "closed");
}

export async function announcePull(
  world: World,
  issue: PullIssue,
  sender: Identity,
  action: string,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const pull = await showPull(world, issue);
  emit(world, issue.repository, sender, "pull_request", action, { number: issue.number, pull_request: pull, ...extra });
}

/** Sends an event to the App, if it is installed where it happened. */
export function emit(
  world: World,
  repository: Repository,
  sender: Identity | string,
  event: string,
  action: string | null,
  content: Readonly<Record<string, unknown>>,
): void {
  const installation = world.installations.find((candidate) => candidate.account === repository.owner);
  if (installation === undefined) return;
  const payload = { ...(action === null ? {} : { action }), ...content, ...webhookFrame(world, repository, sender) };
  world.webhooks.emit({ event, action, installation: installation.id, repository: repository.id, payload });
}

async function announcePush(world: World, repository: Repository, pusher: Identity, change: RefChange): Promise<void> {
  const [created, deleted] = [change.before === noCommit, change.after === noCommit];
  const html = htmlUrl(world, repository);
  const range = deleted ? [] : created ? ["-20", change.after] : ["-20", `${change.before}..${change.after}`];
  const commits = range.length === 0 ? [] : (await logOf(repository.folder, range)).toReversed();
  const head = deleted ? undefined : await readCommit(repository.folder, change.after);
  const forced =
    !created &&
    !deleted &&
    (await gitAnswer(repository.folder, ["merge-base", "--is-ancestor", change.before, change.after])) === undefined;
  const show = (commit: Commit): Promise<Record<string, unknown>> => pushedCommit(repository.folder, html, commit);
  emit(world, repository, pusher, "push", null, {
    ref: change.ref,
    before: change.before,
    after: change.after,
    base_ref: null,
    created,
    deleted,
    forced,
    compare: `${html}/compare/${change.before.slice(0, 12)}...${change.after.slice(0, 12)}`,
    commits: await Promise.all(commits.map(show)),
    head_commit: head === undefined ? null : await show(head),
    pusher: { name: loginOf(pusher), email: null },
  });
}

/** A merge queue makes a branch of its own for each group, and asks for its checks. */
async function announceMergeGroup(
  world: World,
  repository: Repository,
  pusher: Identity,
  change: RefChange,
  branch: string,
): Promise<void> {
  const [, base, baseSha] = /^gh-readonly-queue\/(.+)\/pr-\d+-([0-9a-f]{40})$/.exec(branch) ?? [];
  if (base === undefined || change.after === noCommit) return;
  const commit = await readCommit(repository.folder, change.after);
  if (commit === undefined) return;
  const { sha, tree, message, author, committer } = commit;
  emit(world, repository, pusher, "merge_group", "checks_requested", {
    merge_group: {
      head_sha: sha,
      head_ref: change.ref,
      base_sha: baseSha,
      base_ref: `refs/heads/${base}`,
      head_commit: {
        id: sha,
        tree_id: tree,
        message,
        timestamp: author.date,
        author: { name: author.name, email: author.email },
        committer: { name: committer.name, email: committer.email },
      },
    },
  });
}

async function pushedCommit(folder: string, html: string, commit: Commit): Promise<Record<string, unknown>> {
  const changes = (
    await git(folder, ["diff-tree", "--root", "--no-commit-id", "--no-renames", "--name-status", "-r", "-z", commit.sha])
  ).split("\0");
  const touched = (letter: string): readonly string[] => changes.filter((_, index) => index % 2 === 1 && changes[index - 1] === letter);
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.author.date,
    url: `${html}/commit/${commit.sha}`,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
    added: touched("A"),
    removed: touched("D"),
    modified: touched("M"),
  };
}
