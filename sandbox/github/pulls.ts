import { z } from "zod";
import { compare, showFile } from "./diff.ts";
import { branchTip, git } from "./git.ts";
import { atLeast, gitIdentity, loginOf, roleOf } from "./people.ts";
import { changesOf, isPull, mergeability, mergeInGit, type PullIssue, publishHead, refresh } from "./pull-state.ts";
import { afterPush, announcePull, closePull, markMerged } from "./pushes.ts";
import {
  type Call,
  created,
  notFound,
  numberParam,
  ok,
  onRepository,
  page,
  Refusal,
  type Reply,
  type Routes,
  readBody,
  validationFailed,
} from "./reply.ts";
import { showReview } from "./show-issue.ts";
import { showPull, showPullSimple } from "./show-pull.ts";
import type { CheckRun, Repository, Review } from "./world.ts";

const anyone = ["pull_requests:read"];
const writer = ["pull_requests:write"];

function pullOf(call: Call, repository: Repository): PullIssue {
  const issue = repository.issues.find((candidate) => candidate.number === numberParam(call, "pull_number"));
  if (!isPull(issue)) throw notFound();
  return issue;
}

async function list(call: Call, repository: Repository): Promise<Reply> {
  const pulls = repository.issues.filter(isPull);
  await Promise.all(pulls.map(refresh));
  const query = (name: string): string | undefined => call.query.get(name) ?? undefined;
  const state = query("state") ?? "open";
  const wanted = pulls.filter(
    (issue) =>
      (state === "all" || issue.state === state) &&
      (query("base") === undefined || issue.pull.baseRef === query("base")) &&
      (query("head") === undefined || `${issue.pull.headRepository.owner}:${issue.pull.headRef}` === query("head")),
  );
  const key = query("sort") === "updated" ? "updatedAt" : "createdAt";
  const ascending = (query("direction") ?? (query("sort") === undefined ? "desc" : "asc")) === "asc";
  const sorted = wanted.toSorted((a, b) => a[key].getTime() - b[key].getTime() || a.number - b.number);
  return await page(call, ascending ? sorted : sorted.toReversed(), (issue) => showPullSimple(call.world, issue));
}

const CreateBody = z.object({
  title: z.string().optional(),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().optional(),
});

async function create(call: Call, repository: Repository): Promise<Reply> {
  const { world, identity } = call;
  const body = readBody(call, CreateBody);
  const [headOwner, headRef] = body.head.includes(":") ? body.head.split(":", 2) : [repository.owner, body.head];
  const headRepository = [...world.repositories.values()].find(
    (candidate) => candidate.owner === headOwner && (candidate === repository || candidate.forkOf === repository),
  );
  if (headRepository === undefined || headRef === undefined) throw validationFailed("PullRequest", "head", "invalid");
  const [headSha, baseSha] = await Promise.all([branchTip(headRepository.folder, headRef), branchTip(repository.folder, body.base)]);
  if (headSha === undefined) throw validationFailed("PullRequest", "head", "invalid");
  if (baseSha === undefined) throw validationFailed("PullRequest", "base", "invalid");
  const doubled = repository.issues
    .filter(isPull)
    .some(
      ({ state, pull }) =>
        state === "open" && pull.headRepository === headRepository && pull.headRef === headRef && pull.baseRef === body.base,
    );
  if (doubled) throw validationFailed("PullRequest", "head", `A pull request already exists for ${headOwner}:${headRef}.`);
  const now = world.clock();
  const issue: PullIssue = {
    id: world.nextId("issue"),
    number: repository.issues.length + 1,
    repository,
    title: body.title ?? headRef,
    body: body.body ?? null,
    state: "open",
    stateReason: null,
    author: loginOf(identity),
    ...(identity.kind === "installation" ? { app: identity.app } : {}),
    labels: [],
    assignees: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    comments: [],
    pull: {
      id: world.nextId("pull"),
      headRepository,
      headRef,
      baseRef: body.base,
      draft: body.draft ?? false,
      headSha,
      baseSha,
      mergedAt: null,
      mergedBy: null,
      mergeCommit: null,
      reviews: [],
    },
  };
  repository.issues.push(issue);
  try {
    await publishHead(issue);
    if ((await compare(repository.folder, baseSha, headSha))?.ahead === 0) {
      throw validationFailed("PullRequest", "head", `No commits between ${body.base} and ${headRef}`);
    }
  } catch (error) {
    repository.issues.splice(repository.issues.indexOf(issue), 1);
    throw error;
  }
  await announcePull(world, issue, identity, "opened");
  return created(await showPull(world, issue));
}

const UpdateBody = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]).optional(),
  base: z.string().optional(),
});

async function update(call: Call, repository: Repository): Promise<Reply> {
  const { world, identity } = call;
  const issue = pullOf(call, repository);
  const body = readBody(call, UpdateBody);
  const changes: Record<string, unknown> = {};
  if (body.title !== undefined && body.title !== issue.title) {
    changes.title = { from: issue.title };
    issue.title = body.title;
  }
  if (body.body !== undefined && body.body !== issue.body) {
    changes.body = { from: issue.body ?? "" };
    issue.body = body.body;
  }
  if (body.base !== undefined && body.base !== issue.pull.baseRef) {
    if ((await branchTip(repository.folder, body.base)) === undefined) throw validationFailed("PullRequest", "base", "invalid");
    changes.base = { ref: { from: issue.pull.baseRef }, sha: { from: issue.pull.baseSha } };
    issue.pull.baseRef = body.base;
  }
  issue.updatedAt = world.clock();
  if (Object.keys(changes).length > 0) await announcePull(world, issue, identity, "edited", { changes });
  if (body.state === "closed" && issue.state === "open") await closePull(world, issue, identity);
  if (body.state === "open" && issue.state === "closed") await reopen(call, issue);
  return ok(await showPull(world, issue));
}

async function reopen(call: Call, issue: PullIssue): Promise<void> {
  const tip = await branchTip(issue.pull.headRepository.folder, issue.pull.headRef);
  if (issue.pull.mergedAt !== null || tip === undefined) throw validationFailed("PullRequest", "state", "state cannot be changed.");
  issue.state = "open";
  issue.closedAt = null;
  issue.closedBy = null;
  await refresh(issue);
  await announcePull(call.world, issue, call.identity, "reopened");
}

const MergeBody = z.object({
  sha: z.string().optional(),
  merge_method: z.enum(["merge", "squash", "rebase"]).optional(),
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
});

async function merge(call: Call, repository: Repository): Promise<Reply> {
  const { world, identity } = call;
  const issue = pullOf(call, repository);
  const body = readBody(call, MergeBody);
  await refresh(issue);
  const { pull } = issue;
  if (issue.state === "closed" || pull.draft) throw new Refusal(405, "Pull Request is not mergeable");
  if (body.sha !== undefined && body.sha !== pull.headSha)
    throw new Refusal(409, "Head branch was modified. Review and try the merge again.");
  const method = body.merge_method ?? "merge";
  if (method === "rebase") throw new Refusal(405, "Rebase merges are not allowed on this repository.");
  const missing = unmet(issue);
  if (missing !== undefined) throw new Refusal(405, missing);
  if (!(await mergeability(world, issue)).mergeable) throw new Refusal(405, "Pull Request is not mergeable");
  const before = pull.baseSha;
  const by = gitIdentity(world, method === "squash" ? issue.author : loginOf(identity));
  const commit = await mergeInGit(world, issue, { method, title: body.commit_title, message: body.commit_message, by });
  if (commit === undefined) throw new Refusal(405, "Base branch was modified. Review and try the merge again.");
  await markMerged(world, issue, identity, commit);
  await afterPush(world, repository, identity, [{ ref: `refs/heads/${pull.baseRef}`, before, after: commit }]);
  return ok({ sha: commit, merged: true, message: "Pull Request successfully merged" });
}

/** GitHub takes all three for passed. */
const passing: ReadonlySet<string> = new Set(["success", "neutral", "skipped"]);

/** What the base branch's protection still asks for. */
function unmet(issue: PullIssue): string | undefined {
  const { pull, repository } = issue;
  const rule = repository.protection.find((candidate) => candidate.branch === pull.baseRef);
  if (rule === undefined) return undefined;
  for (const required of rule.requiredChecks) {
    const newest = latestCheck(repository.checks, pull.headSha, required);
    if (passing.has(newest?.conclusion ?? "")) continue;
    return `Required status check "${required.name}" is ${newest === undefined ? "expected" : "failing or pending"}.`;
  }
  const counting = pull.reviews.filter((made) => made.state !== "COMMENTED" && atLeast(roleOf(repository, made.author), "write"));
  const approvals = new Map(counting.map((made) => [made.author, made.state]));
  const approved = [...approvals.values()].filter((state) => state === "APPROVED").length;
  if (approved >= rule.requiredApprovals) return undefined;
  return `At least ${rule.requiredApprovals} approving review is required by reviewers with write access.`;
}

function latestCheck(checks: readonly CheckRun[], sha: string, required: { name: string; app?: number | undefined }): CheckRun | undefined {
  return checks.findLast(
    (check) => check.headSha === sha && check.name === required.name && (required.app === undefined || check.app.id === required.app),
  );
}

async function files(call: Call, repository: Repository): Promise<Reply> {
  const issue = pullOf(call, repository);
  await refresh(issue);
  const changes = await changesOf(issue);
  return await page(call, changes.files.slice(0, 3000), (file) => showFile(call.world, repository, issue.pull.headSha, file));
}

const ReviewBody = z.object({
  event: z.enum(["APPROVE", "REQUEST_CHANGES", "COMMENT"]),
  body: z.string().optional(),
  commit_id: z.string().optional(),
});
const reviewStates = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const satisfies Record<
  string,
  Review["state"]
>;

async function review(call: Call, repository: Repository): Promise<Reply> {
  const { world, identity } = call;
  const issue = pullOf(call, repository);
  const body = readBody(call, ReviewBody);
  await refresh(issue);
  const author = loginOf(identity);
  if (body.event !== "COMMENT" && author === issue.author)
    throw new Refusal(422, "Unprocessable Entity", ["Can not approve your own pull request"]);
  const commit = body.commit_id ?? issue.pull.headSha;
  await git(repository.folder, ["cat-file", "-e", commit]);
  const made: Review = {
    id: world.nextId("review"),
    author,
    state: reviewStates[body.event],
    body: body.body ?? "",
    commit,
    submittedAt: world.clock(),
  };
  issue.pull.reviews.push(made);
  return ok(showReview(world, issue, made));
}

export const pulls: Routes = {
  "pulls/list": onRepository(anyone, "read", list),
  "pulls/get": onRepository(anyone, "read", async (call, repository) => ok(await showPull(call.world, pullOf(call, repository)))),
  "pulls/create": onRepository(writer, "read", create),
  "pulls/update": onRepository(writer, "write", update),
  "pulls/list-files": onRepository(anyone, "read", files),
  // Merging writes the base branch: contents, not pull_requests, is what GitHub asks for.
  "pulls/merge": onRepository(["contents:write"], "write", merge),
  "pulls/list-reviews": onRepository(anyone, "read", (call, repository) => {
    const issue = pullOf(call, repository);
    return page(call, issue.pull.reviews, (made) => showReview(call.world, issue, made));
  }),
  "pulls/create-review": onRepository(writer, "read", review),
};
