import { z } from "zod";
import type { ListedRun } from "#domain/evidence/listed-run.ts";
import { type RunFacts, runFactsSchema } from "#domain/evidence/run.ts";
import type { WorkflowRuns } from "#ports/workflow-runs.ts";
import { readEvidenceArchive } from "./evidence-archive.ts";
import type { GitHubAccess, Permissions } from "./github-client.ts";
import { GitHubRefused, isMissing } from "./github-unavailable.ts";
import { instant } from "./instant.ts";
import { maximumArchiveBytes } from "./limits.ts";

const permissions = { actions: "read" } as const satisfies Permissions;
/** For nothing but a person's wish to have a head evaluated again. */
const repeatPermissions = { actions: "write" } as const satisfies Permissions;
const artifactName = "slipway-evidence";

const runSchema = z.object({
  id: z.number().int(),
  run_attempt: z.number().int().default(1),
  event: z.string(),
  head_sha: z.string(),
  path: z.string(),
  status: z.string().nullable(),
  run_started_at: z.string().optional(),
  created_at: z.string(),
  updated_at: z.string(),
});

const listedSchema = runSchema.extend({
  conclusion: z.string().nullish(),
  referenced_workflows: z.array(z.object({ path: z.string() })).nullish(),
});

const artifactSchema = z.object({ id: z.number().int(), name: z.string(), size_in_bytes: z.number().int(), expired: z.boolean() });

/** @param repository the model repository, owner/name */
export function workflowRuns(github: GitHubAccess, repository: string): WorkflowRuns {
  return {
    async ofHead(head) {
      const client = await github.client(repository, permissions);
      const runs = await client.list(
        "GET /repos/{owner}/{repo}/actions/runs",
        { head_sha: head, status: "completed" },
        { item: runSchema, under: "workflow_runs", conditional: true },
      );
      return runs
        .filter(({ status }) => status === "completed")
        .toSorted((a, b) => b.id - a.id)
        .map(factsOf);
    },
    async listed(head) {
      const client = await github.client(repository, permissions);
      const runs = await client.list(
        "GET /repos/{owner}/{repo}/actions/runs",
        { head_sha: head },
        { item: listedSchema, under: "workflow_runs" },
      );
      return runs.map(listedOf);
    },
    async repeat(run) {
      const client = await github.client(repository, repeatPermissions);
      try {
        await client.write("POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun", { run_id: run }, z.unknown());
        return { kind: "started" };
      } catch (error) {
        if (error instanceof GitHubRefused) return { kind: "refused", message: error.what };
        throw error;
      }
    },
    async facts(run, attempt) {
      const client = await github.client(repository, permissions);
      const route = "GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}";
      const found = await client.find(route, { run_id: run, attempt_number: attempt }, runSchema);
      return found === undefined ? undefined : factsOf(found);
    },
    async evidence(run) {
      const client = await github.client(repository, permissions);
      const newest = await newestArtifact();
      if (newest === undefined) return { kind: "none" };
      if (newest.size_in_bytes > maximumArchiveBytes) return tooLarge(newest.size_in_bytes);
      const route = "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/zip";
      const archive = await client.download(route, { artifact_id: newest.id }, maximumArchiveBytes);
      switch (archive.kind) {
        case "missing":
          return { kind: "none" };
        case "too-large":
          return tooLarge();
        case "bytes":
          return await readEvidenceArchive(archive.bytes);
      }

      /** A run that was attempted again has one artifact an attempt. */
      async function newestArtifact() {
        try {
          const artifacts = await client.list(
            "GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts",
            { run_id: run, name: artifactName },
            { item: artifactSchema, under: "artifacts" },
          );
          return artifacts.filter(({ name, expired }) => name === artifactName && !expired).toSorted((a, b) => b.id - a.id)[0];
        } catch (error) {
          if (isMissing(error)) return undefined;
          throw error;
        }
      }
    },
  };
}

function listedOf(run: z.infer<typeof listedSchema>): ListedRun {
  return {
    id: run.id,
    attempt: run.run_attempt,
    event: run.event,
    createdAt: instant(run.created_at),
    startedAt: instant(run.run_started_at ?? run.created_at),
    state: run.status !== "completed" ? "under-way" : run.conclusion === "action_required" ? "awaits-approval" : "completed",
    calls: (run.referenced_workflows ?? []).map(({ path }) => path.split("@")[0] ?? path),
  };
}

function factsOf(run: z.infer<typeof runSchema>): RunFacts {
  // GitHub writes `path@ref` where the workflow came from another ref.
  const [path = run.path] = run.path.split("@");
  return runFactsSchema.parse({
    id: run.id,
    attempt: run.run_attempt,
    event: run.event,
    headSha: run.head_sha,
    path,
    startedAt: instant(run.run_started_at ?? run.created_at),
    updatedAt: instant(run.updated_at),
    ...(run.status !== "completed" && { underWay: true }),
  });
}

function tooLarge(bytes?: number): { readonly kind: "unreadable"; readonly reason: string } {
  const limit = `at most ${maximumArchiveBytes / 1024 / 1024} MiB are read`;
  return {
    kind: "unreadable",
    reason: bytes === undefined ? `The artifact is too large; ${limit}.` : `The artifact has ${bytes} bytes; ${limit}.`,
  };
}
