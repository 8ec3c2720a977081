/** What the App must be granted to do its work; `app.yml` says why for each. */
export const requiredPermissions = {
  contents: "write",
  checks: "write",
  pull_requests: "write",
  issues: "write",
  actions: "write",
} as const satisfies Readonly<Record<string, "read" | "write">>;

/** The events that make Slipway look sooner than the next resync. */
export const webhookEvents = ["pull_request", "issue_comment", "workflow_run", "check_run", "merge_group", "push"] as const;
