import { z } from "zod";
import { queuedPullRequest } from "#domain/evidence/queued-pull-request.ts";
import { commitShaSchema } from "#domain/model/names.ts";
import type { MergedPullRequest, Merges } from "#ports/merges.ts";
import type { GitHubAccess, Permissions } from "./github-client.ts";
import { instant } from "./instant.ts";
import { pageSize } from "./limits.ts";
import { modelRepository } from "./model-repository.ts";

const permissions = { pull_requests: "read" } as const satisfies Permissions;
const refPermissions = { contents: "read" } as const satisfies Permissions;

const closedSchema = z.array(z.object({ number: z.number().int(), merged_at: z.string().nullable() }));
const mergedSchema = z.object({
  merge_commit_sha: commitShaSchema,
  merged_at: z.string(),
  merged_by: z.object({ login: z.string() }).nullish(),
  base: z.object({ ref: z.string() }),
});

const refSchema = z.object({ ref: z.string(), object: z.object({ sha: commitShaSchema }) });

/** @param repository the model repository, owner/name */
export function merges(github: GitHubAccess, repository: string): Merges {
  /** What is merged stays as it is. */
  const known = new Map<number, MergedPullRequest>();

  async function look(number: number): Promise<MergedPullRequest> {
    const client = await github.client(repository, permissions);
    const pull = await client.get("GET /repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: number }, mergedSchema);
    const changed = await modelRepository(github, repository).changedFiles(number);
    const found = {
      number,
      commit: pull.merge_commit_sha,
      at: instant(pull.merged_at),
      by: pull.merged_by?.login ?? "ghost",
      base: pull.base.ref,
      changed,
    };
    known.set(number, found);
    return found;
  }

  return {
    async queued() {
      const client = await github.client(repository, refPermissions);
      const route = "GET /repos/{owner}/{repo}/git/matching-refs/heads/gh-readonly-queue/";
      const refs = await client.get(route, {}, z.array(refSchema));
      return refs.flatMap(({ ref, object }) => {
        const pullRequest = queuedPullRequest(ref);
        return pullRequest === undefined ? [] : [{ head: object.sha, pullRequest }];
      });
    },
    async since(moment) {
      const client = await github.client(repository, permissions);
      const newest = { state: "closed", sort: "updated", direction: "desc", per_page: pageSize } as const;
      const closed = await client.get("GET /repos/{owner}/{repo}/pulls", newest, closedSchema);
      const merged = closed.filter(({ merged_at }) => merged_at !== null && Date.parse(merged_at) >= Date.parse(moment));
      const found: MergedPullRequest[] = [];
      for (const { number } of merged) found.push(known.get(number) ?? (await look(number)));
      return found.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at) || b.number - a.number);
    },
  };
}
