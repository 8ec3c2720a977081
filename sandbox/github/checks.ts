import { z } from "zod";
import { resolveCommit } from "./git.ts";
import { isPull } from "./pull-state.ts";
import { emit } from "./pushes.ts";
import { type Call, created, notFound, numberParam, ok, onRepository, page, Refusal, type Reply, type Routes, readBody } from "./reply.ts";
import { showPullMinimal } from "./show-pull.ts";
import { apiUrl, htmlUrl, showApp } from "./show-repository.ts";
import { type CheckRun, type Identity, iso, isoOrNull, nodeId, type Repository, type World } from "./world.ts";

const longestText = 65_535;
const mostAnnotations = 50;

const Output = z.object({
  title: z.string().optional(),
  summary: z.string().optional(),
  text: z.string().optional(),
  annotations: z.array(z.unknown()).optional(),
});
const Fields = {
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  status: z.enum(["queued", "in_progress", "completed"]).optional(),
  conclusion: z.string().optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  output: Output.optional(),
  actions: z.array(z.object({ label: z.string(), description: z.string(), identifier: z.string() })).optional(),
};
const CreateBody = z.object({ name: z.string(), head_sha: z.string(), ...Fields });
const UpdateBody = z.object({ name: z.string().optional(), ...Fields });

function showCheck(world: World, check: CheckRun): Record<string, unknown> {
  const { repository } = check;
  const api = `${apiUrl(world, repository)}/check-runs/${check.id}`;
  const html = `${htmlUrl(world, repository)}/runs/${check.id}`;
  const pulls = repository.issues.filter(isPull).filter((issue) => issue.state === "open" && issue.pull.headSha === check.headSha);
  return {
    id: check.id,
    node_id: nodeId("CheckRun", check.id),
    name: check.name,
    head_sha: check.headSha,
    external_id: check.externalId ?? "",
    url: api,
    html_url: html,
    details_url: check.detailsUrl ?? html,
    status: check.status,
    conclusion: check.conclusion,
    started_at: isoOrNull(check.startedAt),
    completed_at: isoOrNull(check.completedAt),
    output: {
      title: check.output.title,
      summary: check.output.summary,
      text: check.output.text,
      annotations_count: check.output.annotations,
      annotations_url: `${api}/annotations`,
    },
    check_suite: { id: check.suite },
    app: showApp(world, check.app),
    pull_requests: pulls.map((issue) => showPullMinimal(world, issue)),
  };
}

/** In a webhook the suite is whole. */
function announce(
  world: World,
  check: CheckRun,
  sender: Identity | string,
  action: "created" | "completed" | "requested_action",
  extra = {},
): void {
  const shown = showCheck(world, check);
  const suite = {
    id: check.suite,
    node_id: nodeId("CheckSuite", check.suite),
    head_branch: null,
    head_sha: check.headSha,
    status: check.status,
    ...(check.conclusion === null ? {} : { conclusion: check.conclusion }),
    url: `${apiUrl(world, check.repository)}/check-suites/${check.suite}`,
    before: null,
    after: check.headSha,
    pull_requests: shown.pull_requests,
    app: shown.app,
    created_at: iso(world.clock()),
    updated_at: iso(world.clock()),
  };
  emit(world, check.repository, sender, "check_run", action, { check_run: { ...shown, check_suite: suite }, ...extra });
}

function apply(call: Call, check: CheckRun, body: z.infer<typeof UpdateBody>): void {
  const { output } = body;
  for (const [field, text] of Object.entries({ summary: output?.summary, text: output?.text })) {
    if ((text?.length ?? 0) > longestText) {
      throw new Refusal(422, `Invalid request.\n\nOnly ${longestText} characters are allowed; ${text?.length} were supplied. (${field})`);
    }
  }
  if ((output?.annotations?.length ?? 0) > mostAnnotations)
    throw new Refusal(422, `Invalid request.\n\nNo more than ${mostAnnotations} items are allowed.`);
  check.name = body.name ?? check.name;
  check.externalId = body.external_id ?? check.externalId;
  check.actions = body.actions?.map(({ identifier }) => identifier) ?? check.actions;
  check.detailsUrl = body.details_url ?? check.detailsUrl;
  check.conclusion = body.conclusion ?? (body.status === undefined || body.status === "completed" ? check.conclusion : null);
  check.status = body.conclusion === undefined ? (body.status ?? check.status) : "completed";
  if (check.status === "completed" && check.conclusion === null)
    throw new Refusal(422, "Missing required `conclusion` for a completed check run.");
  check.startedAt = body.started_at === undefined ? (check.startedAt ?? call.world.clock()) : new Date(body.started_at);
  const completedAt = body.completed_at === undefined ? call.world.clock() : new Date(body.completed_at);
  check.completedAt = check.status === "completed" ? completedAt : null;
  if (output === undefined) return;
  check.output = {
    title: output.title ?? check.output.title,
    summary: output.summary ?? check.output.summary,
    text: output.text ?? check.output.text,
    annotations: check.output.annotations + (output.annotations?.length ?? 0), // GitHub adds them, it never replaces
  };
}

async function create(call: Call, repository: Repository): Promise<Reply> {
  const { world, identity } = call;
  if (identity.kind !== "installation") throw new Refusal(403, "You must authenticate via a GitHub App.");
  const body = readBody(call, CreateBody);
  if ((await resolveCommit(repository.folder, body.head_sha)) !== body.head_sha)
    throw new Refusal(422, `No commit found for SHA: ${body.head_sha}`);
  const sameSuite = repository.checks.find((check) => check.headSha === body.head_sha && check.app === identity.app);
  const check: CheckRun = {
    id: world.nextId("check"),
    suite: sameSuite?.suite ?? world.nextId("suite"),
    app: identity.app,
    repository,
    headSha: body.head_sha,
    name: body.name,
    externalId: null,
    detailsUrl: null,
    actions: [],
    status: "queued",
    conclusion: null,
    startedAt: null,
    completedAt: null,
    output: { title: null, summary: null, text: null, annotations: 0 },
  };
  apply(call, check, body);
  repository.checks.push(check);
  announce(world, check, identity, "created");
  if (check.status === "completed") announce(world, check, identity, "completed");
  return created(showCheck(world, check));
}

function checkOf(call: Call, repository: Repository): CheckRun {
  const check = repository.checks.find((candidate) => candidate.id === numberParam(call, "check_run_id"));
  if (check === undefined) throw notFound();
  return check;
}

function update(call: Call, repository: Repository): Reply {
  const { world, identity } = call;
  const check = checkOf(call, repository);
  if (identity.kind !== "installation" || identity.app !== check.app)
    throw new Refusal(403, "Invalid app_id: this check run belongs to another App.");
  const wasCompleted = check.status === "completed";
  apply(call, check, readBody(call, UpdateBody));
  if (check.status === "completed" && !wasCompleted) announce(world, check, identity, "completed");
  return ok(showCheck(world, check));
}

/** `latest`, the default, is the newest of each name and App. */
async function list(call: Call, repository: Repository): Promise<Reply> {
  const sha = await resolveCommit(repository.folder, call.params.ref ?? "");
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${call.params.ref}`);
  const [name, app, status] = ["check_name", "app_id", "status"].map((key) => call.query.get(key));
  const matching = repository.checks.filter(
    (check) =>
      check.headSha === sha &&
      (name == null || check.name === name) &&
      (app == null || String(check.app.id) === app) &&
      (status == null || check.status === status),
  );
  const newest = new Map(matching.map((check) => [`${check.app.id} ${check.name}`, check]));
  const shown = call.query.get("filter") === "all" ? matching : [...newest.values()];
  return await page(
    call,
    shown.toReversed(),
    (check) => showCheck(call.world, check),
    (checks, total) => ({ total_count: total, check_runs: checks }),
  );
}

export const ClickedButton = z.object({ by: z.string(), identifier: z.string() });

/** A person clicks a button that the check shows; GitHub tells the App that made it. */
export function clickButton(world: World, check: CheckRun, { by, identifier }: z.infer<typeof ClickedButton>): void {
  if (!world.accounts.has(by)) throw new Refusal(404, `there is no ${by}`);
  if (!check.actions.includes(identifier)) throw new Refusal(422, `The check shows no button ${identifier}.`);
  announce(world, check, by, "requested_action", { requested_action: { identifier } });
}

export const checks: Routes = {
  "checks/create": onRepository(["checks:write"], "write", create),
  "checks/get": onRepository(["checks:read"], "read", (call, repository) => ok(showCheck(call.world, checkOf(call, repository)))),
  "checks/update": onRepository(["checks:write"], "write", update),
  "checks/list-for-ref": onRepository(["checks:read"], "read", list),
};
