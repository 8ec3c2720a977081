import { z } from "zod";
import type { Incidents } from "#ports/incidents.ts";
import { createOnce } from "./create-once.ts";
import type { GitHubAccess, GitHubClient, Permissions, Self } from "./github-client.ts";
import { GitHubRefused } from "./github-unavailable.ts";
import { isOurs, sameText } from "./own-comments.ts";
import { refuseLongBody } from "./refuse-long-body.ts";

const readPermissions = { issues: "read" } as const satisfies Permissions;
const writePermissions = { issues: "write" } as const satisfies Permissions;

const issueSchema = z.object({
  number: z.number().int(),
  body: z.string().nullish(),
  state: z.enum(["open", "closed"]),
  user: z.object({ login: z.string(), type: z.string() }).nullable(),
  performed_via_github_app: z.object({ id: z.number() }).nullish(),
  pull_request: z.unknown().optional(),
});
type Issue = z.infer<typeof issueSchema>;

const markerLine = /^<!-- slipway:incident [0-9A-Za-z._:-]+ -->/;

/** @param repository the environments repository, owner/name */
export function incidents(github: GitHubAccess, repository: string): Incidents {
  return {
    async find(incident) {
      const [client, self] = await Promise.all([github.client(repository, readPermissions), github.self()]);
      const found = await marked(client, self, markerOf(incident));
      if (found.length < 2) return found[0]?.number;
      // A replica that died right after it opened one may have left a second.
      return await closeAllButOldest(await github.client(repository, writePermissions), found, incident);
    },
    async open(incident, { title, body: text }) {
      const marker = markerOf(incident);
      const body = `${marker}\n${text}`;
      refuseLongBody(body, `the issue of incident ${incident}`);
      const [client, self] = await Promise.all([github.client(repository, writePermissions), github.self()]);
      const look = () => marked(client, self, marker);

      const found = await createOnce({
        look: async () => {
          const issues = await look();
          return issues.length === 0 ? undefined : issues;
        },
        create: async () => {
          const created = await client.write("POST /repos/{owner}/{repo}/issues", { title, body }, issueSchema, "content");
          const issues = await look();
          return issues.length === 0 ? [created] : issues;
        },
      });
      return await closeAllButOldest(client, found, incident);
    },
    async update(number, { body: text, closed }) {
      const [client, self] = await Promise.all([github.client(repository, writePermissions), github.self()]);
      const issue = await client.get("GET /repos/{owner}/{repo}/issues/{issue_number}", { issue_number: number }, issueSchema);
      if (!isOurs(issue, self)) throw notOurs(number);
      const [marker] = markerLine.exec(issue.body ?? "") ?? [];
      const body = marker === undefined ? text : `${marker}\n${text}`;
      refuseLongBody(body, `issue #${number}`);
      const state = closed ? "closed" : "open";
      if (issue.state === state && sameText(issue.body, body)) return;
      const change = { body, state, ...(closed ? { state_reason: "completed" } : {}) };
      await client.write("PATCH /repos/{owner}/{repo}/issues/{issue_number}", { issue_number: number, ...change }, issueSchema);
    },
  };
}

/** Our issues with this marker, oldest first. */
async function marked(client: GitHubClient, self: Self, marker: string): Promise<readonly Issue[]> {
  const issues = await client.list(
    "GET /repos/{owner}/{repo}/issues",
    { state: "all", creator: self.login, sort: "created", direction: "asc" },
    { item: issueSchema },
  );
  return issues
    .filter((issue) => issue.pull_request === undefined && isOurs(issue, self) && (issue.body ?? "").startsWith(marker))
    .toSorted((a, b) => a.number - b.number);
}

async function closeAllButOldest(client: GitHubClient, issues: readonly Issue[], incident: string): Promise<number> {
  const [oldest, ...later] = issues;
  if (oldest === undefined) throw new Error(`incident ${incident}: an issue was made and is not there`);
  for (const issue of later) {
    if (issue.state === "closed") continue;
    const change = { state: "closed", state_reason: "not_planned" };
    await client.write("PATCH /repos/{owner}/{repo}/issues/{issue_number}", { issue_number: issue.number, ...change }, issueSchema);
  }
  return oldest.number;
}

function markerOf(incident: string): string {
  const marker = `<!-- slipway:incident ${incident} -->`;
  if (!markerLine.test(marker)) throw new Error(`${JSON.stringify(incident)} is not an incident's id`);
  return marker;
}

function notOurs(number: number): GitHubRefused {
  return new GitHubRefused({
    what: `Issue #${number} was not opened by this App`,
    where: "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
    next: "Correct the issue number in the incident's file in .slipway/incidents.",
  });
}
