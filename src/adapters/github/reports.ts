import { z } from "zod";
import type { CheckView, Reports } from "#ports/reports.ts";
import { createOnce } from "./create-once.ts";
import type { GitHubAccess, GitHubClient, Permissions, Self } from "./github-client.ts";
import { GitHubRefused } from "./github-unavailable.ts";
import { maximumCheckSummary, maximumCheckTitle } from "./limits.ts";
import { settleComment } from "./own-comments.ts";

const marker = "<!-- slipway:report -->";
const checkName = "slipway";

const checkPermissions = { checks: "write" } as const satisfies Permissions;
/** A comment on a pull request needs no more than this; `issues` would open every issue. */
const commentPermissions = { pull_requests: "write" } as const satisfies Permissions;

const checkSchema = z.object({
  id: z.number().int(),
  status: z.string(),
  conclusion: z.string().nullable(),
  external_id: z.string().nullish(),
  output: z.object({ title: z.string().nullable(), summary: z.string().nullable() }),
});
type Check = z.infer<typeof checkSchema>;

/** @param repository the model repository, owner/name */
export function reports(github: GitHubAccess, repository: string): Reports {
  return {
    async check(view) {
      refuseLongCheck(view);
      const [client, self] = await Promise.all([github.client(repository, checkPermissions), github.self()]);
      await settleChecks(client, self, view);
    },
    async comment(pullRequest, body) {
      const [client, self] = await Promise.all([github.client(repository, commentPermissions), github.self()]);
      await settleComment(client, self, { pullRequest, marker }, body);
    },
  };
}

/** Check runs cannot be deleted. If two replicas each made one, both say the same: branch protection looks at the newest, people at either. */
async function settleChecks(client: GitHubClient, self: Self, view: CheckView): Promise<void> {
  const look = () =>
    client.list(
      "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
      { ref: view.head, check_name: checkName, app_id: self.appId, filter: "all" },
      { item: checkSchema, under: "check_runs" },
    );
  const actions = (view.actions ?? []).map(({ label, description, identifier }) => ({ label, description, identifier }));
  const said = { ...stateOf(view), external_id: buttonsOf(view), output: { title: view.title, summary: view.summary }, actions };

  const found = await createOnce({
    look: async () => {
      const checks = await look();
      return checks.length === 0 ? undefined : checks;
    },
    create: async () => [
      await client.write("POST /repos/{owner}/{repo}/check-runs", { name: checkName, head_sha: view.head, ...said }, checkSchema),
    ],
  });

  for (const check of found) {
    if (saysSo(check, view)) continue;
    await client.write("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", { check_run_id: check.id, ...said }, checkSchema);
  }
}

function stateOf(view: CheckView): { readonly status: string; readonly conclusion?: string } {
  switch (view.state.kind) {
    case "completed":
      return { status: "completed", conclusion: view.state.conclusion };
    case "pending":
      return { status: "in_progress" };
  }
}

/** GitHub does not tell which buttons a check has, so it keeps their identifiers for us. */
function buttonsOf({ actions = [] }: CheckView): string {
  return actions.map(({ identifier }) => identifier).join(" ");
}

function saysSo(check: Check, view: CheckView): boolean {
  const { status, conclusion = null } = stateOf(view);
  return (
    check.status === status &&
    (check.external_id ?? "") === buttonsOf(view) &&
    check.conclusion === conclusion &&
    check.output.title === view.title &&
    check.output.summary === view.summary
  );
}

function refuseLongCheck({ title, summary }: CheckView): void {
  if (title.length <= maximumCheckTitle && summary.length <= maximumCheckSummary) return;
  throw new GitHubRefused({
    what: `The check's title has ${title.length} characters and its summary ${summary.length}; GitHub takes ${maximumCheckTitle} and ${maximumCheckSummary}`,
    where: "before the call",
    next: "This is a fault of the template that rendered it: show fewer rows.",
  });
}
