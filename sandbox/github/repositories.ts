import { logOf, readCommit, showCommit } from "./commits.ts";
import { compare, showFile } from "./diff.ts";
import { refsOf, resolveCommit } from "./git.ts";
import { accountOf, roleOf, simpleUser } from "./people.ts";
import { isPull, refresh } from "./pull-state.ts";
import { type Call, notFound, ok, onRepository, page, Refusal, type Reply, type Routes } from "./reply.ts";
import { showPullSimple } from "./show-pull.ts";
import { apiUrl, htmlUrl, showRepository } from "./show-repository.ts";
import type { Repository } from "./world.ts";

const isProtected = (repository: Repository, branch: string): boolean => repository.protection.some((rule) => rule.branch === branch);

async function listBranches(call: Call, repository: Repository): Promise<Reply> {
  const heads = [...(await refsOf(repository.folder, "refs/heads/"))].map(([ref, sha]) => ({ name: ref.slice("refs/heads/".length), sha }));
  const wanted = call.query.get("protected");
  const shown = heads.filter(({ name }) => wanted === null || String(isProtected(repository, name)) === wanted);
  return await page(call, shown, ({ name, sha }) => ({
    name,
    commit: { sha, url: `${apiUrl(call.world, repository)}/commits/${sha}` },
    protected: isProtected(repository, name),
  }));
}

async function getBranch(call: Call, repository: Repository): Promise<Reply> {
  const name = call.params.branch ?? "";
  const sha = (await refsOf(repository.folder, `refs/heads/${name}`)).get(`refs/heads/${name}`);
  const commit = sha === undefined ? undefined : await readCommit(repository.folder, sha);
  if (commit === undefined) throw new Refusal(404, "Branch not found");
  const rule = repository.protection.find((candidate) => candidate.branch === name);
  const self = `${apiUrl(call.world, repository)}/branches/${encodeURIComponent(name)}`;
  const checks = rule?.requiredChecks ?? [];
  return ok({
    name,
    commit: showCommit(call.world, repository, commit),
    _links: { self, html: `${htmlUrl(call.world, repository)}/tree/${name}` },
    protected: rule !== undefined,
    protection: {
      enabled: rule !== undefined,
      required_status_checks: {
        enforcement_level: checks.length === 0 ? "off" : "everyone",
        contexts: checks.map((check) => check.name),
        checks: checks.map((check) => ({ context: check.name, app_id: check.app ?? null })),
      },
    },
    protection_url: `${self}/protection`,
  });
}

async function commitOf(repository: Repository, ref: string): Promise<string> {
  const sha = await resolveCommit(repository.folder, ref);
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${ref}`);
  return sha;
}

async function getCommit(call: Call, repository: Repository): Promise<Reply> {
  const sha = await commitOf(repository, call.params.ref ?? "");
  // `Accept: …sha` asks for the name alone: the cheap way to see whether a branch moved.
  if (call.accept.includes(".sha"))
    return { status: 200, body: Buffer.from(sha), headers: { "content-type": "application/vnd.github.sha" } };
  const commit = await readCommit(repository.folder, sha);
  if (commit === undefined) throw notFound();
  const parent = commit.parents[0];
  const files = parent === undefined ? [] : ((await compare(repository.folder, parent, sha))?.files ?? []);
  const sum = (key: "additions" | "deletions"): number => files.reduce((total, file) => total + file[key], 0);
  return ok({
    ...showCommit(call.world, repository, commit),
    stats: { additions: sum("additions"), deletions: sum("deletions"), total: sum("additions") + sum("deletions") },
    files: files.map((file) => showFile(call.world, repository, sha, file)),
  });
}

async function listCommits(call: Call, repository: Repository): Promise<Reply> {
  const from = await commitOf(repository, call.query.get("sha") ?? repository.defaultBranch);
  const [path, since, until] = ["path", "since", "until"].map((name) => call.query.get(name));
  const dates = [...(since == null ? [] : [`--since=${since}`]), ...(until == null ? [] : [`--until=${until}`])];
  const commits = await logOf(repository.folder, [...dates, from, ...(path == null ? [] : ["--", path])]);
  return await page(call, commits, (commit) => showCommit(call.world, repository, commit));
}

async function compareCommits(call: Call, repository: Repository): Promise<Reply> {
  const { world } = call;
  const [baseName = "", headName = ""] = [call.params.base, call.params.head];
  const [base, head] = await Promise.all([baseName, headName].map((name) => resolveCommit(repository.folder, name)));
  const found = base === undefined || head === undefined ? undefined : await compare(repository.folder, base, head);
  if (base === undefined || head === undefined || found === undefined) throw notFound();
  const [baseCommit, mergeBase] = await Promise.all([base, found.mergeBase].map((sha) => readCommit(repository.folder, sha)));
  if (baseCommit === undefined || mergeBase === undefined) throw notFound();
  const commits = (await logOf(repository.folder, [`${base}..${head}`])).toReversed();
  const url = `${apiUrl(world, repository)}/compare/${baseName}...${headName}`;
  const html = `${htmlUrl(world, repository)}/compare/${baseName}...${headName}`;
  const rest = await page(
    call,
    commits,
    (commit) => showCommit(world, repository, commit),
    (shown) => ({
      url,
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: showCommit(world, repository, baseCommit),
      merge_base_commit: showCommit(world, repository, mergeBase),
      status: found.ahead === 0 ? (found.behind === 0 ? "identical" : "behind") : found.behind === 0 ? "ahead" : "diverged",
      ahead_by: found.ahead,
      behind_by: found.behind,
      total_commits: found.ahead,
      commits: shown,
      files: found.files.slice(0, 300).map((file) => showFile(world, repository, head, file)),
    }),
  );
  return rest;
}

function collaboratorPermission(call: Call, repository: Repository): Reply {
  const login = call.params.username ?? "";
  if (!call.world.accounts.has(login)) throw notFound();
  const role = roleOf(repository, login);
  const legacy = { maintain: "write", triage: "read" } as const;
  const permission = role === "maintain" || role === "triage" ? legacy[role] : role;
  return ok({ permission, role_name: role, user: { ...simpleUser(call.world, login), role_name: role } });
}

async function pullsOfCommit(call: Call, repository: Repository): Promise<Reply> {
  const sha = call.params.commit_sha ?? "";
  const pulls = repository.issues.filter(isPull);
  await Promise.all(pulls.map(refresh));
  const holding = pulls.filter(({ pull }) => pull.headSha === sha || pull.mergeCommit === sha);
  return await page(call, holding, (issue) => showPullSimple(call.world, issue));
}

export const repositories: Routes = {
  "repos/get": onRepository(["metadata:read"], "read", (call, repository) => ok(showRepository(call.world, repository, call.identity))),
  "repos/list-branches": onRepository(["contents:read"], "read", listBranches),
  "repos/get-branch": onRepository(["contents:read"], "read", getBranch),
  "repos/get-commit": onRepository(["contents:read"], "read", getCommit),
  "repos/list-commits": onRepository(["contents:read"], "read", listCommits),
  "repos/compare-commits": onRepository(["contents:read"], "read", compareCommits),
  "repos/get-collaborator-permission-level": onRepository(["metadata:read"], "read", collaboratorPermission),
  "repos/list-pull-requests-associated-with-commit": onRepository(["pull_requests:read"], "read", pullsOfCommit),
  "teams/get-membership-for-user-in-org": {
    access: { by: "organisation", app: ["members:read"] },
    handle: ({ world, params }) => {
      const [org = "", slug = "", login = ""] = [params.org, params.team_slug, params.username];
      const role = world.teams.get(org)?.get(slug)?.get(login);
      if (role === undefined) throw notFound();
      return ok({
        url: `${world.origin}/organizations/${accountOf(world, org).id}/team/${slug}/memberships/${login}`,
        role,
        state: "active",
      });
    },
  },
};
