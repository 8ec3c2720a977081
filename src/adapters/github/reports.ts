import { z } from "zod";
import type { CheckView, PlacedAnnotation, Reports } from "#ports/reports.ts";
import { createOnce } from "./create-once.ts";
import type { GitHubAccess, GitHubClient, Permissions, Self } from "./github-client.ts";
import { GitHubRefused } from "./github-unavailable.ts";
import { longestAnnotation, maximumCheckSummary, maximumCheckTitle, mostAnnotations } from "./limits.ts";
import { settleComment } from "./own-comments.ts";

/** How our views are told from all others. */
export interface ReportMarks {
  /** An HTML comment that the comment starts with. */
  readonly marker: string;
  /** The name of the check. */
  readonly check: string;
}

const marksOfApp: ReportMarks = { marker: "<!-- slipway:report -->", check: "slipway" };

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
export function reports(github: GitHubAccess, repository: string, { marker, check: name } = marksOfApp): Reports {
  return {
    async check(view) {
      refuseLongCheck(view);
      const [client, self] = await Promise.all([github.client(repository, checkPermissions), github.self()]);
      await settleChecks(client, self, name, view);
    },
    async comment(pullRequest, body) {
      const [client, self] = await Promise.all([github.client(repository, commentPermissions), github.self()]);
      await settleComment(client, self, { pullRequest, marker }, body);
    },
  };
}

/**
 * Check runs cannot be deleted. If two replicas each made one, both say the same: branch protection looks at the newest, people at either.
 * GitHub adds annotations to those that a check has, so a check with annotations is never changed: another one is made, and it is the newest.
 */
async function settleChecks(client: GitHubClient, self: Self, name: string, view: CheckView): Promise<void> {
  const look = () =>
    client.list(
      "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
      { ref: view.head, check_name: name, ...(self.appId !== undefined && { app_id: self.appId }), filter: "all" },
      { item: checkSchema, under: "check_runs" },
    );
  const actions = (view.actions ?? []).map(({ label, description, identifier }) => ({ label, description, identifier }));
  const said = { ...stateOf(view), external_id: buttonsOf(view), output: { title: view.title, summary: view.summary }, actions };

  const annotations = (view.annotations ?? []).slice(0, mostAnnotations).map(annotationOf);
  const made = { name, head_sha: view.head, ...said, output: { ...said.output, annotations } };

  const found = await createOnce({
    look: async () => {
      const checks = (await look()).filter((check) => view.annotations === undefined || saysSo(check, view));
      return checks.length === 0 ? undefined : checks;
    },
    create: async () => [await client.write("POST /repos/{owner}/{repo}/check-runs", made, checkSchema)],
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

/** GitHub's word for an error is failure. */
function annotationOf({ level, message, place }: PlacedAnnotation) {
  const annotation_level = level === "error" ? "failure" : level;
  return { path: place.file, start_line: place.line, end_line: place.line, annotation_level, message: message.slice(0, longestAnnotation) };
}

function refuseLongCheck({ title, summary }: CheckView): void {
  if (title.length <= maximumCheckTitle && summary.length <= maximumCheckSummary) return;
  throw new GitHubRefused({
    what: `The check's title has ${title.length} characters and its summary ${summary.length}; GitHub takes ${maximumCheckTitle} and ${maximumCheckSummary}`,
    where: "before the call",
    next: "This is a fault of the template that rendered it: show fewer rows.",
  });
}
