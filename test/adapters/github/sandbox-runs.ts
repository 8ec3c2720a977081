import { completeRun as complete, recordRun as record } from "#sandbox/github/record-run.ts";
import { type Artifact, currentAttempt, type Run } from "#sandbox/github/world.ts";
import { type GitHubSandbox, models } from "./github-sandbox.ts";

/** A run of the evidence workflow for a pull request, not yet at its end. */
export function recordRun(sandbox: GitHubSandbox, pullRequest: number, called?: string): Promise<Run> {
  const workflow = called === undefined ? {} : { called: { ref: `${called}@refs/tags/v1`, sha: "c".repeat(40) } };
  return record(sandbox.double.world, { repository: models, event: "pull_request", pullRequest, ...workflow });
}

export function completeRun(sandbox: GitHubSandbox, run: Run): Promise<void> {
  return complete(sandbox.double.world, run, "success");
}

/** A person runs it again; the run with its new attempt. */
export async function rerun(sandbox: GitHubSandbox, id: number): Promise<Run> {
  await sandbox.as("lee", "POST", `/repos/${models}/actions/runs/${id}/rerun`);
  const run = sandbox.repository(models).runs.find((candidate) => candidate.id === id);
  if (run === undefined) throw new Error(`no run ${id}`);
  return run;
}

/** As if the run's current attempt had uploaded it. */
export function leaveArtifact(sandbox: GitHubSandbox, run: Run, bytes: Buffer, name = "slipway-evidence"): Artifact {
  const { world } = sandbox.double;
  const artifact: Artifact = {
    id: world.nextId("artifact"),
    name,
    attempt: currentAttempt(run).number,
    run,
    blocks: new Map(),
    bytes,
    final: true,
    expired: false,
    createdAt: world.clock(),
  };
  run.artifacts.push(artifact);
  return artifact;
}
