import { z } from "zod";
import { loginOf } from "./people.ts";
import { isPull, refresh } from "./pull-state.ts";
import { closePull, emit } from "./pushes.ts";
import { type Call, created, notFound, numberParam, ok, onRepository, page, Refusal, type Reply, type Routes, readBody } from "./reply.ts";
import { showIssue } from "./show-issue.ts";
import type { Identity, Issue, Repository, World } from "./world.ts";

/** "Body is too long (maximum is 65536 characters)" */
const longestBody = 65_536;

export function refuseLong(body: string | null | undefined, resource: string): void {
  if (body == null || body.length <= longestBody) return;
  throw new Refusal(422, "Validation Failed", [
    { resource, code: "custom", field: "body", message: `body is too long (maximum is ${longestBody} characters)` },
  ]);
}

export function issueOf(call: Call, repository: Repository): Issue {
  const issue = repository.issues.find((candidate) => candidate.number === numberParam(call, "issue_number"));
  if (issue === undefined) throw notFound();
  return issue;
}

function announce(world: World, issue: Issue, sender: Identity, action: string, extra: Readonly<Record<string, unknown>> = {}): void {
  emit(world, issue.repository, sender, "issues", action, { issue: showIssue(world, issue), ...extra });
}

const Labels = z.array(z.union([z.string(), z.object({ name: z.string().optional() }).transform((label) => label.name ?? "")]));
const CreateBody = z.object({
  title: z.union([z.string(), z.number()]),
  body: z.string().nullish(),
  labels: Labels.optional(),
  assignees: z.array(z.string()).optional(),
});

function create(call: Call, repository: Repository): Reply {
  const { world, identity } = call;
  const body = readBody(call, CreateBody);
  refuseLong(body.body, "Issue");
  const now = world.clock();
  const issue: Issue = {
    id: world.nextId("issue"),
    number: repository.issues.length + 1,
    repository,
    title: String(body.title),
    body: body.body ?? null,
    state: "open",
    stateReason: null,
    author: loginOf(identity),
    ...(identity.kind === "installation" ? { app: identity.app } : {}),
    labels: body.labels ?? [],
    assignees: body.assignees ?? [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    comments: [],
  };
  repository.issues.push(issue);
  announce(world, issue, identity, "opened");
  return created(showIssue(world, issue));
}

async function list(call: Call, repository: Repository): Promise<Reply> {
  await Promise.all(repository.issues.filter(isPull).map(refresh));
  const query = (name: string): string | undefined => call.query.get(name) ?? undefined;
  const state = query("state") ?? "open";
  const since = query("since");
  const labels = (query("labels") ?? "").split(",").filter((label) => label !== "");
  const wanted = repository.issues.filter(
    (issue) =>
      (state === "all" || issue.state === state) &&
      (since === undefined || issue.updatedAt.getTime() >= Date.parse(since)) &&
      (query("creator") === undefined || issue.author === query("creator")) &&
      labels.every((label) => issue.labels.includes(label)),
  );
  const key = query("sort") === "updated" ? "updatedAt" : "createdAt";
  const sorted = wanted.toSorted((a, b) => a[key].getTime() - b[key].getTime() || a.number - b.number);
  return await page(call, query("direction") === "asc" ? sorted : sorted.toReversed(), (issue) => showIssue(call.world, issue));
}

const UpdateBody = z.object({
  title: z.union([z.string(), z.number()]).nullish(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]).optional(),
  state_reason: z.enum(["completed", "not_planned", "duplicate", "reopened"]).nullish(),
  labels: Labels.optional(),
  assignees: z.array(z.string()).optional(),
});

async function update(call: Call, repository: Repository): Promise<Reply> {
  const { world, identity } = call;
  const issue = issueOf(call, repository);
  const body = readBody(call, UpdateBody);
  refuseLong(body.body, "Issue");
  const changes: Record<string, unknown> = {};
  if (body.title != null && String(body.title) !== issue.title) {
    changes.title = { from: issue.title };
    issue.title = String(body.title);
  }
  if (body.body !== undefined && body.body !== issue.body) {
    changes.body = { from: issue.body ?? "" };
    issue.body = body.body;
  }
  issue.labels = body.labels ?? issue.labels;
  issue.assignees = body.assignees ?? issue.assignees;
  issue.updatedAt = world.clock();
  if (Object.keys(changes).length > 0 && !isPull(issue)) announce(world, issue, identity, "edited", { changes });
  if (body.state !== undefined && body.state !== issue.state)
    await turn(world, issue, identity, body.state, body.state_reason ?? undefined);
  return ok(showIssue(world, issue));
}

async function turn(world: World, issue: Issue, by: Identity, state: Issue["state"], reason: string | undefined): Promise<void> {
  if (isPull(issue)) {
    if (state === "closed") return await closePull(world, issue, by);
    throw new Refusal(422, "Reopen a pull request through pulls.");
  }
  issue.state = state;
  issue.stateReason = state === "open" ? "reopened" : reason === "not_planned" ? "not_planned" : "completed";
  issue.closedAt = state === "closed" ? world.clock() : null;
  issue.closedBy = state === "closed" ? loginOf(by) : null;
  announce(world, issue, by, state === "closed" ? "closed" : "reopened");
}

const reader = ["issues:read", "pull_requests:read"];

export const issues: Routes = {
  "issues/create": onRepository(["issues:write"], "read", create),
  "issues/get": onRepository(reader, "read", (call, repository) => ok(showIssue(call.world, issueOf(call, repository)))),
  "issues/list-for-repo": onRepository(reader, "read", list),
  "issues/update": onRepository(["issues:write", "pull_requests:write"], "triage", update),
};
