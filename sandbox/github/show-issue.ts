import { simpleUser } from "./people.ts";
import { apiUrl, associationOf, htmlUrl, showApp } from "./show-repository.ts";
import { type App, type Comment, type Issue, iso, isoOrNull, nodeId, type Reaction, type Review, type World } from "./world.ts";

export const reactionContents = ["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"] as const;

function rollup(url: string, reactions: readonly Reaction[]): Record<string, unknown> {
  const counts = reactionContents.map((content) => [content, reactions.filter((reaction) => reaction.content === content).length]);
  return { url: `${url}/reactions`, total_count: reactions.length, ...Object.fromEntries(counts) };
}

/** Inside an issue GitHub's description lists the events that an App can have, and knows no merge_group there. */
const appOrNull = (world: World, app: App | undefined): unknown =>
  app === undefined ? null : { ...showApp(world, app), events: app.events.filter((event) => event !== "merge_group") };

export function showLabels(world: World, issue: Issue): readonly Record<string, unknown>[] {
  return issue.labels.map((name) => ({
    id: 1 + [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 7),
    node_id: nodeId("Label", name),
    url: `${apiUrl(world, issue.repository)}/labels/${encodeURIComponent(name)}`,
    name,
    description: "",
    color: "ededed",
    default: false,
  }));
}

export function showIssue(world: World, issue: Issue): Record<string, unknown> {
  const [api, html] = [apiUrl(world, issue.repository), htmlUrl(world, issue.repository)];
  const url = `${api}/issues/${issue.number}`;
  const kind = issue.pull === undefined ? "issues" : "pull";
  const page = `${html}/${kind}/${issue.number}`;
  const assignees = issue.assignees.map((login) => simpleUser(world, login));
  return {
    id: issue.id,
    node_id: nodeId("Issue", issue.id),
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: page,
    number: issue.number,
    state: issue.state,
    // GitHub's description knows no null here, though its answers do (untried): the field is left out.
    ...(issue.stateReason === null ? {} : { state_reason: issue.stateReason }),
    title: issue.title,
    body: issue.body,
    user: simpleUser(world, issue.author),
    labels: showLabels(world, issue),
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments: issue.comments.length,
    closed_at: isoOrNull(issue.closedAt),
    closed_by: issue.closedBy === null ? null : simpleUser(world, issue.closedBy),
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    author_association: associationOf(world, issue.repository, issue.author),
    performed_via_github_app: appOrNull(world, issue.app),
    reactions: rollup(url, []),
    ...(issue.pull === undefined
      ? {}
      : {
          draft: issue.pull.draft,
          pull_request: {
            url: `${api}/pulls/${issue.number}`,
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
            merged_at: isoOrNull(issue.pull.mergedAt),
          },
        }),
  };
}

export function showComment(world: World, comment: Comment): Record<string, unknown> {
  const { issue } = comment;
  const [api, html] = [apiUrl(world, issue.repository), htmlUrl(world, issue.repository)];
  const url = `${api}/issues/comments/${comment.id}`;
  return {
    id: comment.id,
    node_id: nodeId("IssueComment", comment.id),
    url,
    html_url: `${html}/${issue.pull === undefined ? "issues" : "pull"}/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${issue.number}`,
    body: comment.body,
    user: simpleUser(world, comment.author),
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    author_association: associationOf(world, issue.repository, comment.author),
    performed_via_github_app: appOrNull(world, comment.app),
    reactions: rollup(url, comment.reactions),
  };
}

export function showReaction(world: World, reaction: Reaction): Record<string, unknown> {
  return {
    id: reaction.id,
    node_id: nodeId("Reaction", reaction.id),
    user: simpleUser(world, reaction.author),
    content: reaction.content,
    created_at: iso(reaction.createdAt),
  };
}

export function showReview(world: World, issue: Issue, review: Review): Record<string, unknown> {
  const html = `${htmlUrl(world, issue.repository)}/pull/${issue.number}#pullrequestreview-${review.id}`;
  const pull = `${apiUrl(world, issue.repository)}/pulls/${issue.number}`;
  return {
    id: review.id,
    node_id: nodeId("Review", review.id),
    user: simpleUser(world, review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pull,
    _links: { html: { href: html }, pull_request: { href: pull } },
    submitted_at: iso(review.submittedAt),
    commit_id: review.commit,
    author_association: associationOf(world, issue.repository, review.author),
  };
}
