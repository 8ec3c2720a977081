import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { conversation } from "#adapters/github/conversation.ts";
import { type GitHubApp, githubApp } from "#adapters/github/github-app.ts";
import { incidents } from "#adapters/github/incidents.ts";
import { proposals } from "#adapters/github/proposals.ts";
import { reports } from "#adapters/github/reports.ts";
import { count, environments, type GitHubSandbox, models, startGitHubSandbox } from "./github-sandbox.ts";

/** What GitHub did although it looked as if it had not, or had not done although it might have. */
const faults = [
  ["is 502 although the write was made", { kind: "apply-then-502" }],
  ["is lost although the write was made", { kind: "apply-then-drop" }],
  ["comes too late", { kind: "delay", milliseconds: 1100 }],
  ["is 502 because the write was not made", { kind: "status", status: 502 }],
] as const;

let sandbox: GitHubSandbox;
let github: GitHubApp;
beforeAll(async () => {
  sandbox = await startGitHubSandbox();
  const { url, app } = sandbox.double;
  github = githubApp({ baseUrl: url, appId: app.id, privateKey: app.privateKey, contentSpacing: 0, timeout: 1000 });
  // Only the calls that meet a fault are to be late, not the first ones of a cold server.
  await reports(sandbox.github, models).comment((await pullRequest("warm-up")).number, "warm");
});
afterAll(() => sandbox.close());

async function pullRequest(branch: string) {
  const head = await sandbox.commit(models, branch, { [`${branch}.yaml`]: "a\n" });
  return { head, number: await sandbox.openPullRequest("ada", models, branch) };
}

let stories = 0;
describe.each(faults)("when the answer to a create %s", (_what, fault) => {
  const story = ++stories;
  const issueOf = (name: string, number: number) => sandbox.repository(name).issues.find((issue) => issue.number === number);
  it("there is one comment", async () => {
    const { number } = await pullRequest(`comment-${story}`);
    sandbox.fault({ method: "POST", path: "/comments$", ...fault });
    await reports(github, models).comment(number, "All well.");
    expect(issueOf(models, number)?.comments.map(({ body }) => body)).toEqual(["<!-- slipway:report -->\nAll well."]);
  });

  it("there is one answer", async () => {
    const { number } = await pullRequest(`answer-${story}`);
    const talk = conversation(github, models);
    await sandbox.as("ada", "POST", `/repos/${models}/issues/${number}/comments`, { body: "/slipway status" });
    const comment = await talk.comment(issueOf(models, number)?.comments[0]?.id ?? 0);
    if (comment === undefined) throw new Error("the comment is not there");
    sandbox.fault({ method: "POST", path: "/comments$", ...fault });
    await talk.answer(comment, "Nothing is released.");
    expect(issueOf(models, number)?.comments).toHaveLength(2);
  });

  it("there is one check", async () => {
    const { head } = await pullRequest(`check-${story}`);
    sandbox.fault({ method: "POST", path: "/check-runs$", ...fault });
    await reports(github, models).check({ head, title: "Waiting", summary: "No evidence yet.", state: { kind: "pending" } });
    expect(sandbox.repository(models).checks.filter(({ headSha }) => headSha === head)).toHaveLength(1);
  });

  it("there is one issue", async () => {
    const before = sandbox.repository(environments).issues.length;
    sandbox.fault({ method: "POST", path: "/issues$", ...fault });
    const number = await incidents(github, environments).open(`i-${story}`, { title: "Latency", body: "08:00" });
    expect(issueOf(environments, number)?.title).toBe("Latency");
    expect(sandbox.repository(environments).issues).toHaveLength(before + 1);
  });

  it("there is one pull request, and it is merged", async () => {
    const ours = proposals(github, { repository: environments, base: "main" });
    const branch = `slipway/rollback/r-${story}`;
    const head = await sandbox.commit(environments, branch, { [`${story}.yaml`]: "a\n" });
    const before = sandbox.repository(environments).issues.length;
    sandbox.fault({ method: "POST", path: "/pulls$", ...fault });
    const { number } = await ours.open({ branch, title: "Roll back", body: "" });
    expect(sandbox.repository(environments).issues).toHaveLength(before + 1);

    sandbox.calls();
    sandbox.fault({ method: "PUT", path: "/merge$", ...fault });
    // Whoever gets an error comes back with the next resync; nothing is merged twice either way.
    await ours.merge(number, head).catch(() => undefined);
    expect(count(sandbox.calls(), "pulls/merge")).toBeLessThanOrEqual(1);
    expect(await ours.merge(number, head)).toEqual({ kind: "merged" });
    expect(issueOf(environments, number)?.pull?.mergedBy).toBe("slipway[bot]");
  });
});
