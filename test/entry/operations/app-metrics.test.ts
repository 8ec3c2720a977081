import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commitShaSchema } from "#domain/model/names.ts";
import { AppMetrics } from "#entry/operations/app-metrics.ts";
import { taskKind } from "#entry/operations/bounded-label.ts";
import { countedEnvironments } from "#entry/operations/counted-environments.ts";
import { countedLog } from "#entry/operations/counted-log.ts";
import type { EnvironmentsRepository } from "#ports/environments-repository.ts";
import { projectFolder } from "#test/support/run-entry.ts";

const quiet = { info: () => undefined, warn: () => undefined };
const never = () => Promise.reject(new Error("not asked for here"));

/** The lines of one metric. */
async function lines(metrics: AppMetrics, name: string): Promise<readonly string[]> {
  const text = await metrics.registry.metrics();
  return text.split("\n").filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

describe("the metrics of the App", () => {
  it("are those of docs/operations.md, whose alerts ask for no other", () => {
    const page = readFileSync(join(projectFolder, "docs/operations.md"), "utf8");
    const names = new AppMetrics().registry.getMetricsAsArray().map(({ name }) => name);
    const own = names.filter((name) => name.startsWith("slipway_"));
    const documented = [...page.matchAll(/^\| `(slipway_\w+)` \|/gm)].map(([, name]) => name);
    expect(documented.toSorted()).toEqual(own.toSorted());
    for (const [name] of page.matchAll(/slipway_[a-z_]+/g)) expect(own).toContain(name);
  });

  it("count webhooks by event and by how they were answered, and put what nobody registered under other", async () => {
    const metrics = new AppMetrics();
    metrics.webhook("pull_request", 200);
    metrics.webhook("pull_request", 200);
    metrics.webhook("issue_comment", 400);
    metrics.webhook("<made up>", 500);
    metrics.webhook(undefined, 200);
    expect(await lines(metrics, "slipway_webhooks_total")).toEqual([
      'slipway_webhooks_total{event="pull_request",outcome="taken"} 2',
      'slipway_webhooks_total{event="issue_comment",outcome="refused"} 1',
      'slipway_webhooks_total{event="other",outcome="failed"} 1',
      'slipway_webhooks_total{event="other",outcome="taken"} 1',
    ]);
  });

  it("count commands and judged heads as the log tells them, and nothing else that it tells", async () => {
    const metrics = new AppMetrics();
    const log = countedLog(quiet, metrics);
    log.info("answered a command", { command: "deploy", outcome: "done" });
    log.info("answered a command", { command: "$(rm -rf)", outcome: "refused" });
    log.info("judged a head", { verdict: "fail" });
    log.info("looked at a release", { verdict: "fail" });
    log.warn("judged a head", { verdict: "fail" });
    expect(await lines(metrics, "slipway_commands_total")).toEqual([
      'slipway_commands_total{command="deploy",outcome="done"} 1',
      'slipway_commands_total{command="other",outcome="refused"} 1',
    ]);
    expect(await lines(metrics, "slipway_evaluations_judged_total")).toEqual(['slipway_evaluations_judged_total{verdict="fail"} 1']);
  });

  it("count GitHub's answers by status, lost ones as none, and keep the last budget of each installation", async () => {
    const metrics = new AppMetrics();
    metrics.githubAnswered({ installation: 7, status: 200, headers: { "x-ratelimit-remaining": "4999", "x-ratelimit-resource": "core" } });
    metrics.githubAnswered({ installation: 7, status: 304, headers: { "x-ratelimit-remaining": 4998, "x-ratelimit-resource": "core" } });
    metrics.githubAnswered({ installation: undefined, status: undefined, headers: {} });
    expect(await lines(metrics, "slipway_github_requests_total")).toEqual([
      'slipway_github_requests_total{status="200"} 1',
      'slipway_github_requests_total{status="304"} 1',
      'slipway_github_requests_total{status="none"} 1',
    ]);
    expect(await lines(metrics, "slipway_github_rate_limit_remaining")).toEqual([
      'slipway_github_rate_limit_remaining{installation="7",resource="core"} 4998',
    ]);
  });

  it("show open releases of all environments repositories together, and none after they have ended", async () => {
    const metrics = new AppMetrics();
    metrics.openReleases("acme/a", ["progressing", "paused"]);
    metrics.openReleases("acme/b", ["progressing"]);
    expect(await lines(metrics, "slipway_open_releases")).toEqual([
      'slipway_open_releases{phase="progressing"} 2',
      'slipway_open_releases{phase="paused"} 1',
      'slipway_open_releases{phase="stopping"} 0',
    ]);
    metrics.openReleases("acme/a", []);
    metrics.openReleases("acme/b", []);
    expect(await lines(metrics, "slipway_open_releases")).toEqual(
      ["progressing", "paused", "stopping"].map((phase) => `slipway_open_releases{phase="${phase}"} 0`),
    );
  });

  it("time tasks by kind, and date the last resync only when it went well", async () => {
    const metrics = new AppMetrics();
    metrics.worked("resync", 3, true);
    expect(await lines(metrics, "slipway_last_resync_timestamp_seconds")).toEqual(["slipway_last_resync_timestamp_seconds 0"]);
    metrics.worked("resync", 3, false);
    metrics.worked("pull request 12", 0.1, false);
    expect((await lines(metrics, "slipway_last_resync_timestamp_seconds"))[0]).toMatch(/ 1\d{9}/);
    expect(await lines(metrics, "slipway_task_duration_seconds_count")).toEqual([
      'slipway_task_duration_seconds_count{task="resync",outcome="failed"} 1',
      'slipway_task_duration_seconds_count{task="resync",outcome="done"} 1',
      'slipway_task_duration_seconds_count{task="pull request",outcome="done"} 1',
    ]);
  });

  it.each([
    ["pull request 12", "pull request"],
    ["run 7-1", "run"],
    ["release production/ranker", "release"],
    ["releases", "other"],
    ["check 4 approve lee", "check"],
    ["repositories", "repositories"],
  ])("call the task %j %j", (key, kind) => {
    expect(taskKind(key)).toBe(kind);
  });

  it("count a push by how it ended: landed, moved under us, refused by the host, failed", async () => {
    const metrics = new AppMetrics();
    const zero = commitShaSchema.parse("0".repeat(40));
    const outcomes = [{ kind: "moved" }, { kind: "refused", message: "protected" }] as const;
    let next = 0;
    const repository: EnvironmentsRepository = {
      snapshot: never,
      read: never,
      history: never,
      commit: async () => outcomes[next++] ?? Promise.reject(new Error("the line broke")),
      branch: async (name) => ({ kind: name === "new" ? "created" : "exists", commit: zero }),
    };
    const counted = countedEnvironments(repository, (outcome) => metrics.pushed(outcome));
    const change = { base: zero, subject: "", trailers: {}, writes: [] };
    for (const expected of outcomes) expect(await counted.commit(change)).toEqual(expected);
    await expect(counted.commit(change)).rejects.toThrow("the line broke");
    // Only the one that created its branch has pushed anything.
    for (const name of ["new", "there already"]) await counted.branch(name, change);
    expect(await lines(metrics, "slipway_environments_pushes_total")).toEqual(
      ["moved", "refused", "failed", "committed"].map((outcome) => `slipway_environments_pushes_total{outcome="${outcome}"} 1`),
    );
  });
});
