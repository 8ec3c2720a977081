import { signedUrl } from "./artifact-store.ts";
import { loginOf } from "./people.ts";
import { emit } from "./pushes.ts";
import { type Call, created, notFound, numberParam, ok, onRepository, page, Refusal, type Reply, type Routes } from "./reply.ts";
import { showArtifact, showRun, showWorkflow } from "./show-run.ts";
import { type Artifact, currentAttempt, type Identity, iso, type Repository, type Run, type World } from "./world.ts";

function runOf(call: Call, repository: Repository): Run {
  const run = repository.runs.find((candidate) => candidate.id === numberParam(call, "run_id"));
  if (run === undefined) throw notFound();
  return run;
}

async function list(call: Call, repository: Repository): Promise<Reply> {
  const query = (name: string): string | undefined => call.query.get(name) ?? undefined;
  const [status, window] = [query("status"), query("created")];
  const wanted = repository.runs.filter((run) => {
    const attempt = currentAttempt(run);
    return (
      (query("head_sha") ?? run.headSha) === run.headSha &&
      (query("event") ?? run.event) === run.event &&
      (query("branch") ?? run.headBranch) === run.headBranch &&
      (query("actor") ?? run.actor) === run.actor &&
      (status === undefined || status === attempt.status || status === attempt.conclusion) &&
      within(window, run.createdAt)
    );
  });
  return await page(
    call,
    wanted.toReversed(),
    (run) => showRun(call.world, run, currentAttempt(run)),
    (runs, total) => ({ total_count: total, workflow_runs: runs }),
  );
}

/** GitHub's date filter: `>=2026-01-01T00:00:00Z`, `a..b`, or one date. */
function within(window: string | undefined, at: Date): boolean {
  if (window === undefined) return true;
  const [, from, to] = /^(?:>=?)?([^.]*?)(?:\.\.(.+))?$/.exec(window) ?? [];
  const time = Date.parse(iso(at));
  if (window.startsWith("<")) return time <= Date.parse(window.replace(/^<=?/, ""));
  return time >= Date.parse(from ?? "") && (to === undefined || time <= Date.parse(to));
}

export async function announceRun(world: World, run: Run, sender: Identity | string, action: "requested" | "completed"): Promise<void> {
  const content = { workflow: showWorkflow(world, run), workflow_run: await showRun(world, run, currentAttempt(run)) };
  emit(world, run.repository, sender, "workflow_run", action, content);
}

async function rerun(call: Call, repository: Repository): Promise<Reply> {
  const { world, identity } = call;
  const run = runOf(call, repository);
  const last = currentAttempt(run);
  if (last.status !== "completed") throw new Refusal(403, "The workflow run is already running");
  const now = world.clock();
  run.attempts.push({
    number: last.number + 1,
    status: "queued",
    conclusion: null,
    startedAt: now,
    updatedAt: now,
    triggeredBy: loginOf(identity),
  });
  await announceRun(world, run, identity, "requested");
  return created({});
}

function artifactOf(call: Call, repository: Repository): Artifact {
  const id = numberParam(call, "artifact_id");
  const artifact = repository.runs.flatMap((run) => run.artifacts).find((candidate) => candidate.id === id && candidate.final);
  if (artifact === undefined) throw notFound();
  return artifact;
}

function listArtifacts(call: Call, repository: Repository): Promise<Reply> {
  const name = call.query.get("name");
  const artifacts = runOf(call, repository).artifacts.filter((artifact) => artifact.final && (name === null || artifact.name === name));
  return page(
    call,
    artifacts.toReversed(),
    (artifact) => showArtifact(call.world, artifact),
    (shown, total) => ({ total_count: total, artifacts: shown }),
  );
}

function download(call: Call, repository: Repository): Reply {
  const artifact = artifactOf(call, repository);
  if (call.params.archive_format !== "zip") throw notFound();
  if (artifact.expired) throw new Refusal(410, "Artifact has expired");
  return { status: 302, headers: { location: signedUrl(call.world, artifact, "r") } };
}

export const runs: Routes = {
  "actions/list-workflow-runs-for-repo": onRepository(["actions:read"], "read", list),
  "actions/get-workflow-run": onRepository(["actions:read"], "read", async (call, repository) => {
    const run = runOf(call, repository);
    return ok(await showRun(call.world, run, currentAttempt(run)));
  }),
  "actions/get-workflow-run-attempt": onRepository(["actions:read"], "read", async (call, repository) => {
    const run = runOf(call, repository);
    const attempt = run.attempts.find((candidate) => candidate.number === numberParam(call, "attempt_number"));
    if (attempt === undefined) throw notFound();
    return ok(await showRun(call.world, run, attempt));
  }),
  "actions/list-workflow-run-artifacts": onRepository(["actions:read"], "read", listArtifacts),
  "actions/get-artifact": onRepository(["actions:read"], "read", (call, repository) =>
    ok(showArtifact(call.world, artifactOf(call, repository))),
  ),
  "actions/download-artifact": onRepository(["actions:read"], "read", download),
  "actions/re-run-workflow": onRepository(["actions:write"], "write", rerun),
};
