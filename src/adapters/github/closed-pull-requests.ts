import { z } from "zod";
import type { PullRequestEnd } from "#domain/archive/archived.ts";
import type { ClosedPullRequests } from "#ports/closed-pull-requests.ts";
import type { GitHubAccess, Permissions } from "./github-client.ts";
import { GitHubUnavailable } from "./github-unavailable.ts";
import { instant } from "./instant.ts";

const permissions = { pull_requests: "read" } as const satisfies Permissions;

const closedSchema = z.object({
  state: z.enum(["open", "closed"]),
  closed_at: z.string().nullable(),
  base: z.object({ repo: z.object({ id: z.number().int() }) }),
});

/** @param access how to reach a repository, by its name */
export function closedPullRequests(access: (repository: string) => GitHubAccess): ClosedPullRequests {
  return {
    async end({ id, name }, number) {
      try {
        const client = await access(name).client(name, permissions);
        const found = await client.find("GET /repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: number }, closedSchema);
        if (found === undefined) return unknown(`GitHub shows no ${name}#${number} to this token`);
        if (found.base.repo.id !== id) return unknown(`${name} is another repository now than the one with the number ${id}`);
        return found.state === "closed" && found.closed_at !== null ? { kind: "closed", at: instant(found.closed_at) } : { kind: "open" };
      } catch (error) {
        if (error instanceof GitHubUnavailable) return unknown(`GitHub did not say when ${name}#${number} was closed`);
        throw error;
      }
    },
  };
}

function unknown(reason: string): PullRequestEnd {
  return { kind: "unknown", reason };
}
