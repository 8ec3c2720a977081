import { type Account, type Identity, type Level, nodeId, type Repository, type Role, roles, type World } from "./world.ts";

/** The account of a login; one that is met for the first time (an App's bot) is made. */
export function accountOf(world: World, login: string): Account {
  const known = world.accounts.get(login);
  if (known !== undefined) return known;
  return addAccount(world, login, login.endsWith("[bot]") ? "Bot" : "User");
}

export function addAccount(world: World, login: string, type: Account["type"]): Account {
  const known = world.accounts.get(login);
  if (known !== undefined) return known;
  const account = { id: world.nextId("account"), login, type, createdAt: world.clock() };
  world.accounts.set(login, account);
  return account;
}

export function roleOf(repository: Repository, login: string): Role {
  if (login === repository.owner) return "admin";
  return repository.permissions.get(login) ?? (repository.private ? "none" : "read");
}

export function atLeast(role: Role, wanted: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(wanted);
}

export function loginOf(identity: Identity): string {
  return identity.kind === "person" ? identity.login : `${identity.app.slug}[bot]`;
}

/** Whether the repository exists for this caller at all: a foreign one is 404, not 403. */
export function sees(identity: Identity, repository: Repository): boolean {
  switch (identity.kind) {
    case "app":
      return false;
    case "person":
      return roleOf(repository, identity.login) !== "none";
    case "installation":
      return identity.repositories === undefined ? identity.account === repository.owner : identity.repositories.has(repository.id);
  }
}

export function permits(identity: Identity, needs: readonly string[], person: Role, repository: Repository): boolean {
  if (identity.kind === "app") return false;
  if (identity.kind === "person") return atLeast(roleOf(repository, identity.login), person);
  return needs.some((need) => hasPermission(identity.permissions, need));
}

/** `need` is written `contents:read`; everybody may read metadata. */
export function hasPermission(permissions: Readonly<Record<string, Level>>, need: string): boolean {
  const [name = "", level] = need.split(":");
  if (name === "metadata" && level === "read") return true;
  const held = permissions[name];
  return held === "write" || (held === "read" && level === "read");
}

/** `expiresAt` counts: a token that has expired is no token. */
export function identityOf(world: World, token: string): Identity | undefined {
  const identity = world.tokens.get(token);
  if (identity?.kind === "installation" && identity.expiresAt.getTime() <= world.clock().getTime()) return undefined;
  return identity;
}

export function simpleUser(world: World, login: string): Record<string, unknown> {
  const account = accountOf(world, login);
  const path = encodeURIComponent(login);
  const url = `${world.origin}/users/${path}`;
  return {
    login,
    id: account.id,
    node_id: nodeId(account.type, account.id),
    avatar_url: `${world.origin}/avatars/${account.id}`,
    gravatar_id: "",
    url,
    html_url: account.type === "Bot" ? `${world.origin}/apps/${encodeURIComponent(login.replace("[bot]", ""))}` : `${world.origin}/${path}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    site_admin: false,
    user_view_type: "public",
  };
}

/** The public profile; `GET /user` adds what only its owner sees. */
export function profile(world: World, login: string): Record<string, unknown> {
  const account = accountOf(world, login);
  const at = account.createdAt.toISOString();
  return {
    ...simpleUser(world, login),
    name: login,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: at,
    updated_at: at,
  };
}

export function organization(world: World, login: string): Record<string, unknown> {
  const account = accountOf(world, login);
  const url = `${world.origin}/orgs/${encodeURIComponent(login)}`;
  return {
    login,
    id: account.id,
    node_id: nodeId("Organization", account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${world.origin}/avatars/${account.id}`,
    description: null,
  };
}

/** How GitHub names a writer in a commit it makes. */
export function gitIdentity(world: World, login: string): { readonly name: string; readonly email: string } {
  return { name: login, email: `${accountOf(world, login).id}+${login}@users.noreply.github.com` };
}

export const gitHubItself = { name: "GitHub", email: "noreply@github.com" } as const;
