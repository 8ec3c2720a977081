import { simpleUser } from "./people.ts";
import { changesOf, mergeability, type PullIssue, refresh } from "./pull-state.ts";
import { showLabels } from "./show-issue.ts";
import { apiUrl, associationOf, htmlUrl, showRepository } from "./show-repository.ts";
import { iso, isoOrNull, nodeId, type Repository, type World } from "./world.ts";

/** As in a list: without what a merge would do. */
export async function showPullSimple(world: World, issue: PullIssue): Promise<Record<string, unknown>> {
  await refresh(issue);
  const { pull, repository } = issue;
  const [api, html] = [apiUrl(world, repository), `${htmlUrl(world, repository)}/pull/${issue.number}`];
  const [url, issueUrl] = [`${api}/pulls/${issue.number}`, `${api}/issues/${issue.number}`];
  const assignees = issue.assignees.map((login) => simpleUser(world, login));
  const merge = issue.state === "open" ? (await mergeability(world, issue)).commit : pull.mergeCommit;
  const urls = {
    comments: `${issueUrl}/comments`,
    commits: `${url}/commits`,
    statuses: `${api}/statuses/${pull.headSha}`,
    review_comments: `${url}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
  };
  return {
    url,
    id: pull.id,
    node_id: nodeId("PullRequest", pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    commits_url: urls.commits,
    review_comments_url: urls.review_comments,
    review_comment_url: urls.review_comment,
    comments_url: urls.comments,
    statuses_url: urls.statuses,
    number: issue.number,
    state: issue.state,
    locked: false,
    active_lock_reason: null,
    title: issue.title,
    body: issue.body,
    user: simpleUser(world, issue.author),
    labels: showLabels(world, issue),
    milestone: null,
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    merged_at: isoOrNull(pull.mergedAt),
    merge_commit_sha: merge,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: [],
    requested_teams: [],
    head: side(world, pull.headRepository, pull.headRef, pull.headSha),
    base: side(world, repository, pull.baseRef, pull.baseSha),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issueUrl },
      ...Object.fromEntries(Object.entries(urls).map(([name, href]) => [name, { href }])),
    },
    author_association: associationOf(world, repository, issue.author),
    auto_merge: null,
    draft: pull.draft,
  };
}

export async function showPull(world: World, issue: PullIssue): Promise<Record<string, unknown>> {
  const simple = await showPullSimple(world, issue);
  const { pull } = issue;
  const changes = await changesOf(issue);
  const open = issue.state === "open";
  const mergeable = open ? (await mergeability(world, issue)).mergeable : null;
  const sum = (key: "additions" | "deletions"): number => changes.files.reduce((total, file) => total + file[key], 0);
  return {
    ...simple,
    merged: pull.mergedAt !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeable === null ? "unknown" : mergeable ? "clean" : "dirty",
    merged_by: pull.mergedBy === null ? null : simpleUser(world, pull.mergedBy),
    comments: issue.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: changes.ahead,
    additions: sum("additions"),
    deletions: sum("deletions"),
    changed_files: changes.files.length,
  };
}

/** The few fields that runs and check runs carry of a pull request. */
export function showPullMinimal(world: World, issue: PullIssue): Record<string, unknown> {
  const { pull, repository } = issue;
  const short = (target: Repository): Record<string, unknown> => ({ id: target.id, url: apiUrl(world, target), name: target.name });
  return {
    id: pull.id,
    number: issue.number,
    url: `${apiUrl(world, repository)}/pulls/${issue.number}`,
    head: { ref: pull.headRef, sha: pull.headSha, repo: short(pull.headRepository) },
    base: { ref: pull.baseRef, sha: pull.baseSha, repo: short(repository) },
  };
}

function side(world: World, repository: Repository, ref: string, sha: string): Record<string, unknown> {
  return {
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: simpleUser(world, repository.owner),
    repo: showRepository(world, repository),
  };
}
