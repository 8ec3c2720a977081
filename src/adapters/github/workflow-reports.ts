import { setTimeout as pause } from "node:timers/promises";
import type { Reports } from "#ports/reports.ts";
import { contentSpacing } from "./content-spacing.ts";
import { etagCache } from "./etag-cache.ts";
import { type GitHubAccess, githubClient } from "./github-client.ts";
import { GitHubRefused } from "./github-unavailable.ts";
import { octokitFor } from "./octokit.ts";
import { reports } from "./reports.ts";

export interface WorkflowReportsOptions {
  /** `https://api.github.com`, or a GitHub Enterprise Server's `https://<host>/api/v3`. */
  readonly baseUrl: string;
  /** owner/name */
  readonly repository: string;
  /** The job's own `GITHUB_TOKEN`. */
  readonly token: string;
}

/** Whoever may write a workflow of the repository writes as this user: what it wrote is found by it, and proves nothing. */
const login = "github-actions[bot]";

/** The two views as a workflow writes them where no App does: marked as self-reported, and never in the place of the App's. */
export function workflowReports({ baseUrl, repository, token }: WorkflowReportsOptions): Reports {
  const waiting = { pause: async (milliseconds: number) => void (await pause(milliseconds)), now: Date.now };
  const requester = new (octokitFor({ baseUrl }))({ auth: { token } });
  const connection = {
    requester,
    baseUrl,
    repository,
    spacing: contentSpacing(0, waiting),
    pages: etagCache(),
    unauthorized: () => undefined,
  };
  const access: GitHubAccess = {
    client: async (_, permissions) => githubClient({ ...connection, permissions, ...waiting }),
    self: async () => ({ login }),
  };
  return reports(access, repository, { marker: "<!-- slipway:self-reported -->", check: "slipway (self-reported)" });
}

/** A workflow's token may not write: that of a fork's run never may. */
export function mayNotWrite(error: unknown): boolean {
  return error instanceof GitHubRefused && error.status === 403;
}
