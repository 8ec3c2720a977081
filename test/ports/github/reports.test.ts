import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reports } from "#adapters/github/reports.ts";
import { type CommitSha, commitShaSchema } from "#domain/model/names.ts";
import type { CheckView, Reports } from "#ports/reports.ts";
import { type GitHubSandbox, models, startGitHubSandbox } from "#test/adapters/github/github-sandbox.ts";
import { fakeReports } from "#test/support/fakes/reports.ts";

interface Subject {
  readonly reports: Reports;
  readonly head: CommitSha;
  readonly pullRequest: number;
  /** What people see: all checks of the head, all comments of the pull request, without markers. */
  checks(): Promise<readonly Omit<CheckView, "head">[]>;
  comments(): Promise<readonly string[]>;
  /** Identifiers of the check's buttons. */
  buttons(): Promise<readonly string[]>;
}

function onFake(): Subject {
  const fake = fakeReports();
  const head = commitShaSchema.parse("a".repeat(40));
  return {
    reports: fake,
    head,
    pullRequest: 1,
    async checks() {
      const check = fake.checkOf(head);
      return check === undefined ? [] : [{ title: check.title, summary: check.summary, state: check.state }];
    },
    buttons: async () => (fake.checkOf(head)?.actions ?? []).map(({ identifier }) => identifier),
    comments: async () => [fake.commentOf(1)].filter((text) => text !== undefined),
  };
}

async function onGitHub(sandbox: GitHubSandbox, branch: string): Promise<Subject> {
  const head = await sandbox.commit(models, branch, { "model.yaml": `${branch}\n` });
  const pullRequest = await sandbox.openPullRequest("ada", models, branch);
  return {
    reports: reports(sandbox.github, models),
    head,
    pullRequest,
    async checks() {
      const ofHead = sandbox.repository(models).checks.filter(({ headSha }) => headSha === head);
      return ofHead.map(({ status, conclusion, output }) => ({
        title: output.title ?? "",
        summary: output.summary ?? "",
        state:
          status === "completed" && (conclusion === "success" || conclusion === "failure")
            ? { kind: "completed", conclusion }
            : { kind: "pending" },
      }));
    },
    buttons: async () => sandbox.repository(models).checks.find(({ headSha }) => headSha === head)?.actions ?? [],
    async comments() {
      const issue = sandbox.repository(models).issues.find(({ number }) => number === pullRequest);
      return (issue?.comments ?? []).map(({ body }) => body.replace(/^<!-- slipway:report -->\n/, ""));
    },
  };
}

let sandbox: GitHubSandbox;
beforeAll(async () => {
  sandbox = await startGitHubSandbox();
});
afterAll(() => sandbox.close());

let branches = 0;
const subjects: readonly [string, () => Promise<Subject> | Subject][] = [
  ["the fake", onFake],
  ["GitHub", () => onGitHub(sandbox, `change-${++branches}`)],
];

describe.each(subjects)("Reports on %s", (_name, make) => {
  it("has one check a head, and one comment a pull request, however often they are published", async () => {
    const { reports, head, pullRequest, checks, comments } = await make();
    for (let time = 0; time < 2; time += 1) {
      await reports.check({ head, title: "1 model passes", summary: "All well.", state: { kind: "completed", conclusion: "success" } });
      await reports.comment(pullRequest, "All well.");
    }
    expect(await checks()).toEqual([
      { title: "1 model passes", summary: "All well.", state: { kind: "completed", conclusion: "success" } },
    ]);
    expect(await comments()).toEqual(["All well."]);
  });

  it("changes the check and the comment that are there when the judgement changes, in both directions", async () => {
    const { reports, head, pullRequest, checks, comments } = await make();
    const views = [
      { title: "Waiting", summary: "No evidence yet.", state: { kind: "pending" } },
      { title: "1 model fails", summary: "Worse.", state: { kind: "completed", conclusion: "failure" } },
      { title: "Waiting", summary: "Evaluated again.", state: { kind: "pending" } },
    ] as const;
    for (const view of views) {
      await reports.check({ head, ...view });
      await reports.comment(pullRequest, view.summary);
      expect(await checks()).toEqual([view]);
      expect(await comments()).toEqual([view.summary]);
    }
  });

  it("shows the buttons of the newest judgement, and none that it does not have", async () => {
    const { reports, head, buttons } = await make();
    const view = { head, title: "Pass", summary: "All well.", state: { kind: "completed", conclusion: "success" } } as const;
    const deploy = { label: "Deploy to production", description: "Starts a gated canary of this version", identifier: "deploy:0123456789" };
    await reports.check({ ...view, actions: [deploy] });
    expect(await buttons()).toEqual(["deploy:0123456789"]);
    await reports.check({ ...view, actions: [{ ...deploy, identifier: "deploy:abcdef0123" }] });
    expect(await buttons()).toEqual(["deploy:abcdef0123"]);
    await reports.check(view);
    expect(await buttons()).toEqual([]);
  });
});
