// A run exists because the double recorded it from an event, as GitHub would. The process that then plays the runner gets tokens that name the run.
import { randomBytes, randomUUID } from "node:crypto";
import { z } from "zod";
import { branchTip, resolveCommit } from "./git.ts";
import { issuerOf, workflowRef } from "./oidc.ts";
import { accountOf } from "./people.ts";
import { isPull, mergeability, refresh } from "./pull-state.ts";
import { Refusal } from "./reply.ts";
import { announceRun } from "./runs.ts";
import { showPull } from "./show-pull.ts";
import { showRepository, webhookFrame } from "./show-repository.ts";
import { type App, currentAttempt, type Identity, iso, type Job, type Repository, type Run, type World } from "./world.ts";

export const NewRun = z.object({
  repository: z.string(),
  event: z.enum(["pull_request", "pull_request_target", "push", "workflow_dispatch", "merge_group", "workflow_run", "schedule"]),
  pullRequest: z.number().int().optional(),
  /** Without a pull request: a branch name or a full ref; the default branch otherwise. */
  ref: z.string().optional(),
  /** The calling workflow's file. */
  workflow: z.string().default(".github/workflows/evidence.yml"),
  /** The reusable workflow that the job really runs, if any: `owner/name/.github/workflows/file.yml@ref` and its commit. */
  called: z.object({ ref: z.string(), sha: z.string() }).optional(),
  name: z.string().default("evidence"),
  actor: z.string().optional(),
  permissions: z.record(z.string(), z.enum(["read", "write"])).default({ contents: "read" }),
  /** `id-token: write`; runs for forks never have it. */
  idToken: z.boolean().default(true),
});
export type NewRun = z.input<typeof NewRun>;

/** The App behind GITHUB_TOKEN. */
const gitHubActions: App = {
  id: 15_368,
  slug: "github-actions",
  name: "GitHub Actions",
  clientId: "Iv1.github-actions",
  owner: "github",
  permissions: {},
  events: [],
  createdAt: new Date("2018-07-30T09:30:17Z"),
};

const defaultActor = "github-actions[bot]";

export async function recordRun(world: World, wanted: NewRun): Promise<Run> {
  const given = NewRun.parse(wanted);
  const repository = world.repositories.get(given.repository);
  if (repository === undefined) throw new Refusal(404, `no repository ${given.repository}`);
  const where =
    given.pullRequest === undefined
      ? await onBranch(repository, given.ref)
      : await onPull(world, repository, given.pullRequest, given.event);
  const now = world.clock();
  const sameWorkflow = repository.runs.filter((run) => run.path === given.workflow);
  const actor = given.actor ?? where.pull?.author ?? defaultActor;
  const run: Run = {
    id: world.nextId("run"),
    number: sameWorkflow.length + 1,
    workflowId: sameWorkflow[0]?.workflowId ?? world.nextId("workflow"),
    repository,
    event: given.event,
    path: given.workflow,
    ...(given.called === undefined ? {} : { called: given.called }),
    name: given.name,
    actor,
    ...where,
    permissions: where.headRepository === repository ? given.permissions : readOnly(given.permissions),
    idToken: given.idToken && where.headRepository === repository,
    createdAt: now,
    attempts: [{ number: 1, status: "queued", conclusion: null, startedAt: now, updatedAt: now, triggeredBy: actor }],
    artifacts: [],
  };
  repository.runs.push(run);
  await announceRun(world, run, actor, "requested");
  return run;
}

/** Whatever a workflow asks for, the token of a fork's run only reads. */
function readOnly(permissions: Run["permissions"]): Run["permissions"] {
  return Object.fromEntries(Object.keys(permissions).map((name) => [name, "read"]));
}

type Where = Pick<Run, "headRepository" | "ref" | "headBranch" | "headSha" | "baseRef" | "sha"> & { readonly pull?: Run["pull"] & object };

async function onBranch(repository: Repository, name = repository.defaultBranch): Promise<Where> {
  const ref = name.startsWith("refs/") ? name : `refs/heads/${name}`;
  const sha = await resolveCommit(repository.folder, ref);
  if (sha === undefined) throw new Refusal(422, `no commit at ${ref}`);
  return { headRepository: repository, ref, headBranch: ref.replace(/^refs\/(heads|tags)\//, ""), headSha: sha, baseRef: null, sha };
}

async function onPull(world: World, repository: Repository, number: number, event: string): Promise<Where> {
  const issue = repository.issues.find((candidate) => candidate.number === number);
  if (!isPull(issue)) throw new Refusal(404, `no pull request #${number}`);
  await refresh(issue);
  const { pull } = issue;
  const common = {
    headRepository: pull.headRepository,
    headBranch: pull.headRef,
    headSha: pull.headSha,
    baseRef: pull.baseRef,
    pull: issue,
  };
  if (event === "pull_request_target") {
    const base = await branchTip(repository.folder, pull.baseRef);
    if (base === undefined) throw new Refusal(422, `no branch ${pull.baseRef}`);
    return { ...common, headSha: pull.headSha, ref: `refs/heads/${pull.baseRef}`, sha: base };
  }
  const { commit } = await mergeability(world, issue);
  if (commit === null) throw new Refusal(422, `#${number} conflicts with its base: GitHub starts no pull_request run for it`);
  return { ...common, ref: `refs/pull/${number}/merge`, sha: commit };
}

/** Starts the newest attempt: mints what a runner gets. Asking again gives the same attempt new tokens. */
export async function startJob(world: World, run: Run): Promise<{ job: Job; env: Record<string, string>; event: Record<string, unknown> }> {
  const attempt = currentAttempt(run);
  if (attempt.status === "completed") throw new Refusal(409, `attempt ${attempt.number} of run ${run.id} is over`);
  attempt.status = "in_progress";
  const githubToken = `ghs_${randomBytes(18).toString("hex")}`;
  const payload = Buffer.from(JSON.stringify({ scp: `Actions.Results:${run.id}:${attempt.number}`, jti: randomUUID() })).toString(
    "base64url",
  );
  const runtimeToken = `e30.${payload}.${randomBytes(16).toString("base64url")}`;
  const job: Job = { run, attempt, githubToken, runtimeToken, idRequestToken: randomBytes(24).toString("hex") };
  world.jobs.push(job);
  const identity: Identity = {
    kind: "installation",
    app: gitHubActions,
    account: run.repository.owner,
    repositories: new Set([run.repository.id]),
    permissions: run.permissions,
    expiresAt: new Date(world.clock().getTime() + 6 * 3_600_000),
  };
  world.tokens.set(githubToken, identity);
  return { job, env: environmentOf(world, job), event: await eventOf(world, run) };
}

function environmentOf(world: World, { run, attempt, ...tokens }: Job): Record<string, string> {
  const { repository } = run;
  const id = (login: string): string => String(accountOf(world, login).id);
  const idToken = {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${issuerOf(world)}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: tokens.idRequestToken,
  };
  return {
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_SERVER_URL: world.origin,
    GITHUB_API_URL: world.origin,
    GITHUB_GRAPHQL_URL: `${world.origin}/graphql`,
    GITHUB_REPOSITORY: repository.fullName,
    GITHUB_REPOSITORY_ID: String(repository.id),
    GITHUB_REPOSITORY_OWNER: repository.owner,
    GITHUB_REPOSITORY_OWNER_ID: id(repository.owner),
    GITHUB_EVENT_NAME: run.event,
    GITHUB_REF: run.ref,
    GITHUB_REF_NAME: run.ref.replace(/^refs\/(heads|tags|pull)\//, ""),
    GITHUB_REF_TYPE: run.ref.startsWith("refs/tags/") ? "tag" : "branch",
    GITHUB_SHA: run.sha,
    GITHUB_HEAD_REF: run.pull === undefined ? "" : (run.headBranch ?? ""),
    GITHUB_BASE_REF: run.baseRef ?? "",
    GITHUB_WORKFLOW: run.name,
    GITHUB_WORKFLOW_REF: workflowRef(repository, run),
    GITHUB_WORKFLOW_SHA: run.sha,
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_NUMBER: String(run.number),
    GITHUB_RUN_ATTEMPT: String(attempt.number),
    GITHUB_JOB: "evaluate",
    GITHUB_ACTOR: run.actor,
    GITHUB_ACTOR_ID: id(run.actor),
    GITHUB_TRIGGERING_ACTOR: attempt.triggeredBy,
    GITHUB_TOKEN: tokens.githubToken,
    ACTIONS_RESULTS_URL: `${world.origin}/`,
    ACTIONS_RUNTIME_URL: `${world.origin}/`,
    ACTIONS_RUNTIME_TOKEN: tokens.runtimeToken,
    RUNNER_OS: "Linux",
    RUNNER_ARCH: "X64",
    RUNNER_NAME: "double",
    RUNNER_ENVIRONMENT: "github-hosted",
    ...(run.idToken ? idToken : {}),
  };
}

async function eventOf(world: World, run: Run): Promise<Record<string, unknown>> {
  const frame = webhookFrame(world, run.repository, run.actor);
  if (isPull(run.pull)) return { action: "synchronize", number: run.pull.number, pull_request: await showPull(world, run.pull), ...frame };
  return { ref: run.ref, repository: showRepository(world, run.repository), after: run.sha, ...frame };
}

export async function completeRun(world: World, run: Run, conclusion: string): Promise<void> {
  const attempt = currentAttempt(run);
  if (attempt.status === "completed") throw new Refusal(409, `attempt ${attempt.number} of run ${run.id} is over`);
  attempt.status = "completed";
  attempt.conclusion = conclusion;
  attempt.updatedAt = world.clock();
  for (const job of world.jobs.filter((candidate) => candidate.attempt === attempt)) world.tokens.delete(job.githubToken);
  await announceRun(world, run, run.actor, "completed");
}

/** For the control API: what the harness needs to know of a run. */
export function summaryOf(run: Run): Record<string, unknown> {
  const attempt = currentAttempt(run);
  return {
    id: run.id,
    attempt: attempt.number,
    repository: run.repository.fullName,
    repositoryId: run.repository.id,
    event: run.event,
    path: run.path,
    ref: run.ref,
    sha: run.sha,
    headSha: run.headSha,
    headBranch: run.headBranch,
    headRepository: run.headRepository.fullName,
    baseRef: run.baseRef,
    pullRequest: run.pull?.number ?? null,
    status: attempt.status,
    conclusion: attempt.conclusion,
    createdAt: iso(run.createdAt),
    runStartedAt: iso(attempt.startedAt),
    jobWorkflowRef: run.called?.ref ?? workflowRef(run.repository, run),
    jobWorkflowSha: run.called?.sha ?? run.sha,
  };
}
