import { describe, expect, test } from "vitest";
import { GitHubRefused } from "#adapters/github/github-unavailable.ts";
import { judgePullRequestHead } from "#flows/judge-pull-request.ts";
import { passing } from "#test/support/commenting.ts";
import { check } from "#test/support/judging.ts";

const missing = (needs: string): GitHubRefused =>
  new GitHubRefused({ what: "GitHub answered 404: Not Found", where: "GET /repos/acme/models", next: "", status: 404, needs });

describe("a permission that is missing is said in the check:", () => {
  test("a head that cannot be read fails it, and the failure is told to the log too", async () => {
    const { w, pull } = await passing();
    const file = () => Promise.reject(missing("contents: read on acme/models"));
    const judging = judgePullRequestHead(w.world, { ...w.models, repository: { ...w.models.repository, file } }, pull.number);
    await expect(judging).rejects.toThrow("GitHub answered 404");
    expect(check(w, pull)).toMatchObject({
      title: "Blocked: needs contents: read on acme/models",
      state: { kind: "completed", conclusion: "failure" },
    });
    await judgePullRequestHead(w.world, w.models, pull.number);
    expect(check(w, pull)).toMatchObject({ state: { conclusion: "success" } });
  });

  test("a comment that cannot be written is missed by name, and the verdict stands", async () => {
    const { w, pull } = await passing();
    const comment = () => Promise.reject(missing("pull_requests: write on acme/models"));
    const judging = judgePullRequestHead(w.world, { ...w.models, reports: { ...w.models.reports, comment } }, pull.number);
    await expect(judging).rejects.toThrow("GitHub answered 404");
    expect(check(w, pull)?.summary).toMatch(/^Slipway is blocked: it needs `pull_requests: write on acme\/models`\. An owner grants it/);
    expect(check(w, pull)?.state).toEqual({ kind: "completed", conclusion: "success" });
  });

  test("a check that cannot be written either is left to the log", async () => {
    const { w, pull } = await passing();
    const refuse = (needs: string) => () => Promise.reject(missing(needs));
    const blind = {
      ...w.models,
      repository: { ...w.models.repository, file: refuse("contents: read on acme/models") },
      reports: { ...w.models.reports, check: refuse("checks: write on acme/models") },
    };
    await expect(judgePullRequestHead(w.world, blind, pull.number)).rejects.toThrow("GitHub answered 404");
    expect(w.warnings).toEqual([expect.stringMatching(/^a check could not say what is missing: GitHubRefused: GitHub answered 404/)]);
  });
});
