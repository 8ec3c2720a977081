import type { Reports } from "#ports/reports.ts";
import { GitHubRefused } from "./github-unavailable.ts";
import { reports } from "./reports.ts";
import { tokenAccess } from "./token-access.ts";

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
  const access = tokenAccess({ baseUrl, repository, token, login });
  return reports(access, repository, { marker: "<!-- slipway:self-reported -->", check: "slipway (self-reported)" });
}

/** A workflow's token may not write: that of a fork's run never may. */
export function mayNotWrite(error: unknown): boolean {
  return error instanceof GitHubRefused && error.status === 403;
}
