import { accountOf, atLeast, loginOf, organization, permits, roleOf, simpleUser } from "./people.ts";
import { type App, type Identity, iso, nodeId, type Repository, type World } from "./world.ts";

const links = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
} as const;

export const apiUrl = (world: World, repository: Repository): string => `${world.origin}/repos/${repository.fullName}`;
export const htmlUrl = (world: World, repository: Repository): string => `${world.origin}/${repository.fullName}`;

/** One rendering that satisfies every repository schema of the contract; GitHub's own differ only in what they leave out. */
export function showRepository(world: World, repository: Repository, identity?: Identity): Record<string, unknown> {
  const [url, html] = [apiUrl(world, repository), htmlUrl(world, repository)];
  const openIssues = repository.issues.filter((issue) => issue.state === "open").length;
  const at = iso(repository.createdAt);
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: repository.fullName,
    owner: simpleUser(world, repository.owner),
    private: repository.private,
    visibility: repository.private ? "private" : "public",
    html_url: html,
    url,
    ...Object.fromEntries(Object.entries(links).map(([name, path]) => [name, url + path])),
    clone_url: `${html}.git`,
    git_url: `git://127.0.0.1/${repository.fullName}.git`,
    ssh_url: `git@127.0.0.1:${repository.fullName}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    description: null,
    language: null,
    license: null,
    fork: repository.forkOf !== undefined,
    default_branch: repository.defaultBranch,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    subscribers_count: 0,
    network_count: 0,
    size: 0,
    open_issues: openIssues,
    open_issues_count: openIssues,
    topics: [],
    is_template: false,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    allow_forking: true,
    web_commit_signoff_required: false,
    custom_properties: {},
    created_at: at,
    updated_at: at,
    pushed_at: at,
    ...(identity === undefined ? {} : { permissions: permissionsOf(identity, repository) }),
  };
}

function permissionsOf(identity: Identity, repository: Repository): Record<string, boolean> {
  if (identity.kind !== "person") {
    const [push, pull] = ["contents:write", "contents:read"].map((need) => permits(identity, [need], "admin", repository));
    return { admin: false, maintain: false, push: push === true, triage: false, pull: pull === true };
  }
  const role = roleOf(repository, identity.login);
  return {
    admin: atLeast(role, "admin"),
    maintain: atLeast(role, "maintain"),
    push: atLeast(role, "write"),
    triage: atLeast(role, "triage"),
    pull: atLeast(role, "read"),
  };
}

export function showApp(world: World, app: App): Record<string, unknown> {
  return {
    id: app.id,
    slug: app.slug,
    client_id: app.clientId,
    node_id: nodeId("App", app.id),
    owner: simpleUser(world, app.owner),
    name: app.name,
    description: null,
    external_url: world.origin,
    html_url: `${world.origin}/apps/${app.slug}`,
    created_at: iso(app.createdAt),
    updated_at: iso(app.createdAt),
    permissions: { metadata: "read", ...app.permissions },
    events: app.events,
  };
}

/** The part that every webhook shares: where it happened, who did it, which installation hears of it. */
export function webhookFrame(world: World, repository: Repository, sender: Identity | string): Record<string, unknown> {
  const installation = world.installations.find((candidate) => candidate.account === repository.owner);
  const isOrganization = accountOf(world, repository.owner).type === "Organization";
  return {
    repository: showRepository(world, repository),
    ...(isOrganization ? { organization: organization(world, repository.owner) } : {}),
    ...(installation === undefined ? {} : { installation: { id: installation.id, node_id: nodeId("Installation", installation.id) } }),
    sender: simpleUser(world, typeof sender === "string" ? sender : loginOf(sender)),
  };
}

export function associationOf(world: World, repository: Repository, login: string): string {
  if (login === repository.owner) return "OWNER";
  if (world.members.get(repository.owner)?.has(login) === true) return "MEMBER";
  return repository.permissions.has(login) ? "COLLABORATOR" : "NONE";
}
