import { createHash } from "node:crypto";
import { readCommit } from "./commits.ts";
import { simpleUser } from "./people.ts";
import { isPull } from "./pull-state.ts";
import { showPullMinimal } from "./show-pull.ts";
import { apiUrl, htmlUrl, showRepository } from "./show-repository.ts";
import { type Artifact, type Attempt, iso, nodeId, type Run, type World } from "./world.ts";

const ninetyDays = 90 * 86_400_000;

export async function showRun(world: World, run: Run, attempt: Attempt): Promise<Record<string, unknown>> {
  const { repository } = run;
  const url = `${apiUrl(world, repository)}/actions/runs/${run.id}`;
  const commit = await readCommit(repository.folder, run.headSha);
  const called = run.called === undefined ? [] : [referenced(run.called.ref, run.called.sha)];
  const previous = attempt.number > 1 ? `${url}/attempts/${attempt.number - 1}` : null;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("WorkflowRun", run.id),
    check_suite_id: run.id,
    check_suite_node_id: nodeId("CheckSuite", run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    display_title: run.pull?.title ?? commit?.message.split("\n")[0] ?? run.name,
    run_number: run.number,
    run_attempt: attempt.number,
    event: run.event,
    status: attempt.status,
    conclusion: attempt.conclusion,
    workflow_id: run.workflowId,
    workflow_url: `${apiUrl(world, repository)}/actions/workflows/${run.workflowId}`,
    url,
    html_url: `${htmlUrl(world, repository)}/actions/runs/${run.id}`,
    // GitHub leaves this empty for forks.
    pull_requests: isPull(run.pull) && run.headRepository === repository ? [showPullMinimal(world, run.pull)] : [],
    created_at: iso(run.createdAt),
    run_started_at: iso(attempt.startedAt),
    updated_at: iso(attempt.updatedAt),
    actor: simpleUser(world, run.actor),
    triggering_actor: simpleUser(world, attempt.triggeredBy),
    referenced_workflows: called,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${apiUrl(world, repository)}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: previous,
    head_commit:
      commit === undefined
        ? null
        : {
            id: commit.sha,
            tree_id: commit.tree,
            message: commit.message,
            timestamp: commit.committer.date,
            author: { name: commit.author.name, email: commit.author.email },
            committer: { name: commit.committer.name, email: commit.committer.email },
          },
    repository: showRepository(world, repository),
    head_repository: showRepository(world, run.headRepository),
  };
}

function referenced(ref: string, sha: string): Record<string, string> {
  const at = ref.lastIndexOf("@");
  return { path: ref, sha, ref: ref.slice(at + 1) };
}

export function showWorkflow(world: World, run: Run): Record<string, unknown> {
  const at = iso(run.createdAt);
  const url = `${apiUrl(world, run.repository)}/actions/workflows/${run.workflowId}`;
  return {
    id: run.workflowId,
    node_id: nodeId("Workflow", run.workflowId),
    name: run.name,
    path: run.path,
    state: "active",
    created_at: at,
    updated_at: at,
    url,
    html_url: `${htmlUrl(world, run.repository)}/blob/${run.repository.defaultBranch}/${run.path}`,
    badge_url: `${htmlUrl(world, run.repository)}/workflows/badge.svg`,
  };
}

export function showArtifact(world: World, artifact: Artifact): Record<string, unknown> {
  const { run } = artifact;
  const url = `${apiUrl(world, run.repository)}/actions/artifacts/${artifact.id}`;
  return {
    id: artifact.id,
    node_id: nodeId("Artifact", artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.bytes.length,
    url,
    archive_download_url: `${url}/zip`,
    expired: artifact.expired,
    digest: `sha256:${createHash("sha256").update(artifact.bytes).digest("hex")}`,
    created_at: iso(artifact.createdAt),
    updated_at: iso(artifact.createdAt),
    expires_at: iso(new Date(artifact.createdAt.getTime() + ninetyDays)),
    workflow_run: {
      id: run.id,
      repository_id: run.repository.id,
      head_repository_id: run.headRepository.id,
      head_branch: run.headBranch ?? "",
      head_sha: run.headSha,
    },
  };
}
