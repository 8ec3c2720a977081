import { z } from "zod";
import type { CommitSha } from "#domain/model/names.ts";
import type { Proposal, Proposals } from "#ports/proposals.ts";
import { createOnce } from "./create-once.ts";
import type { GitHubAccess, GitHubClient, Permissions } from "./github-client.ts";
import { GitHubRefused, mayHaveHappened } from "./github-unavailable.ts";
import { type PullRequest, pullRequestSchema } from "./pull-request.ts";
import { refuseLongBody } from "./refuse-long-body.ts";

const readPermissions = { pull_requests: "read" } as const satisfies Permissions;
const openPermissions = { pull_requests: "write", contents: "read" } as const satisfies Permissions;
const mergePermissions = { pull_requests: "write", contents: "write" } as const satisfies Permissions;

/** Not allowed, not mergeable, head moved, invalid: the world says no, and says why. */
const blocking: ReadonlySet<number | undefined> = new Set([403, 405, 409, 422]);

export interface ProposalsOptions {
  /** The environments repository, owner/name. */
  readonly repository: string;
  /** The branch that proposals are merged into. */
  readonly base: string;
}

export function proposals(github: GitHubAccess, { repository, base }: ProposalsOptions): Proposals {
  return {
    async find(branch) {
      return await findByBranch(await github.client(repository, readPermissions), branch);
    },
    async open({ branch, title, body }) {
      refuseLongBody(body, `the pull request of ${branch}`);
      const client = await github.client(repository, openPermissions);
      return await createOnce({
        look: () => findByBranch(client, branch),
        create: async () =>
          proposalOf(
            await client.write("POST /repos/{owner}/{repo}/pulls", { head: branch, base, title, body }, pullRequestSchema, "content"),
          ),
        // GitHub keeps to one open pull request per branch and base by itself.
        exists: (error) => error instanceof GitHubRefused && error.status === 422 && /already exists/i.test(error.what),
      });
    },
    async merge(number, expectedHead) {
      const client = await github.client(repository, mergePermissions);
      try {
        await mergeOnce(client, number, expectedHead);
        return { kind: "merged" };
      } catch (error) {
        const blocked = error instanceof GitHubRefused && blocking.has(error.status);
        if (!blocked && !mayHaveHappened(error)) throw error;
        const pull = await client.get("GET /repos/{owner}/{repo}/pulls/{pull_number}", { pull_number: number }, pullRequestSchema);
        if (pull.merged_at !== null) return { kind: "merged" };
        if (blocked) return { kind: "blocked", reason: error.what };
        throw error;
      }
    },
  };

  async function findByBranch(client: GitHubClient, branch: string): Promise<Proposal | undefined> {
    const [owner] = repository.split("/");
    const pulls = await client.list(
      "GET /repos/{owner}/{repo}/pulls",
      { head: `${owner}:${branch}`, base, state: "all", sort: "created", direction: "asc" },
      { item: pullRequestSchema },
    );
    const found = pulls.find(({ state }) => state === "open") ?? pulls.at(-1);
    return found === undefined ? undefined : proposalOf(found);
  }
}

async function mergeOnce(client: GitHubClient, number: number, expectedHead: CommitSha): Promise<void> {
  await client.write(
    "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge",
    { pull_number: number, sha: expectedHead, merge_method: "merge" },
    z.object({ merged: z.literal(true) }),
  );
}

function proposalOf(pull: PullRequest): Proposal {
  return { number: pull.number, head: pull.head.sha, state: pull.merged_at === null ? pull.state : "merged" };
}
