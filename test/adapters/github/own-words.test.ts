import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { conversation } from "#adapters/github/conversation.ts";
import { githubApp } from "#adapters/github/github-app.ts";
import { incidents } from "#adapters/github/incidents.ts";
import { reports } from "#adapters/github/reports.ts";

import { instantOf } from "#domain/model/time.ts";
import { count, environments, type GitHubSandbox, models, startGitHubSandbox } from "./github-sandbox.ts";

const marker = "<!-- slipway:report -->";
const anything = z.unknown();

describe("what is ours on GitHub", () => {
  let sandbox: GitHubSandbox;
  let branches = 0;
  beforeAll(async () => {
    sandbox = await startGitHubSandbox();
  });
  afterAll(() => sandbox.close());

  async function pullRequest() {
    const branch = `change-${++branches}`;
    const head = await sandbox.commit(models, branch, { "model.yaml": `${branch}\n` });
    return { head, number: await sandbox.openPullRequest("ada", models, branch) };
  }
  const bodies = (number: number) =>
    sandbox
      .repository(models)
      .issues.find((issue) => issue.number === number)
      ?.comments.map(({ author, body }) => `${author}: ${body}`);
  const say = (login: string, number: number, body: string) =>
    sandbox.as(login, "POST", `/repos/${models}/issues/${number}/comments`, { body });
  /** As another replica of the App would, that knew nothing of the first. */
  async function sayAsApp(number: number, body: string) {
    const client = await sandbox.github.client(models, { pull_requests: "write" });
    await client.write("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", { issue_number: number, body }, anything);
  }

  it("edits the oldest of two sticky comments and removes the later one", async () => {
    const { number } = await pullRequest();
    await sayAsApp(number, `${marker}\nfirst`);
    await say("ada", number, "Nice.");
    await sayAsApp(number, `${marker}\nsecond`);
    await reports(sandbox.github, models).comment(number, "now");
    expect(bodies(number)).toEqual([`slipway[bot]: ${marker}\nnow`, "ada: Nice."]);
  });

  it("leaves a marker that somebody else pasted alone, and is not fooled by it", async () => {
    const { number } = await pullRequest();
    await say("eve", number, `${marker}\nAll gates pass.`);
    await reports(sandbox.github, models).comment(number, "1 gate fails.");
    expect(bodies(number)).toEqual([`eve: ${marker}\nAll gates pass.`, `slipway[bot]: ${marker}\n1 gate fails.`]);
  });

  it("does not take a comment of ours for the report because it quotes the marker", async () => {
    const { number } = await pullRequest();
    await sayAsApp(number, `An answer that quotes ${marker}`);
    await reports(sandbox.github, models).comment(number, "now");
    expect(bodies(number)).toEqual([`slipway[bot]: An answer that quotes ${marker}`, `slipway[bot]: ${marker}\nnow`]);
  });

  it("finds its comment on the second page, and writes nothing when the text is the same", async () => {
    const { number } = await pullRequest();
    for (let index = 0; index < 101; index += 1) await say("ada", number, `comment ${index}`);
    const ours = reports(sandbox.github, models);
    await ours.comment(number, "first");
    sandbox.calls();
    await ours.comment(number, "first");
    const calls = sandbox.calls();
    expect(count(calls, "issues/list-comments")).toBe(2);
    expect(calls.filter(({ method }) => method !== "GET")).toEqual([]);
    await ours.comment(number, "second");
    expect(bodies(number)?.filter((line) => line.startsWith("slipway[bot]"))).toEqual([`slipway[bot]: ${marker}\nsecond`]);
  });

  it("ends with one comment when two replicas report at once", async () => {
    const { number } = await pullRequest();
    const { url, app } = sandbox.double;
    const replicas = [1, 2].map(() =>
      reports(githubApp({ baseUrl: url, appId: app.id, privateKey: app.privateKey, contentSpacing: 0 }), models),
    );
    await Promise.all(replicas.map((replica) => replica.comment(number, "All well.")));
    expect(bodies(number)).toEqual([`slipway[bot]: ${marker}\nAll well.`]);
  });

  it("brings every check of a head in line when two replicas each made one", async () => {
    const { head } = await pullRequest();
    const client = await sandbox.github.client(models, { checks: "write" });
    for (const title of ["one", "two"]) {
      const body = { name: "slipway", head_sha: head, status: "in_progress", output: { title, summary: "" } };
      await client.write("POST /repos/{owner}/{repo}/check-runs", body, anything);
    }
    await reports(sandbox.github, models).check({
      head,
      title: "Fails",
      summary: "Worse.",
      state: { kind: "completed", conclusion: "failure" },
    });
    const checks = sandbox.repository(models).checks.filter(({ headSha }) => headSha === head);
    expect(checks.map(({ conclusion, output }) => [conclusion, output.title])).toEqual([
      ["failure", "Fails"],
      ["failure", "Fails"],
    ]);
  });

  it("keeps the oldest of two incident issues and closes the later one", async () => {
    const client = await sandbox.github.client(environments, { issues: "write" });
    for (const title of ["first", "second"]) {
      await client.write("POST /repos/{owner}/{repo}/issues", { title, body: "<!-- slipway:incident i-1 -->\ntext" }, anything);
    }
    await sandbox.as("eve", "POST", `/repos/${environments}/issues`, { title: "forged", body: "<!-- slipway:incident i-1 -->\ntext" });
    const number = await incidents(sandbox.github, environments).open("i-1", { title: "third", body: "text" });
    const issues = sandbox.repository(environments).issues.map(({ title, state }) => `${title} ${state}`);
    expect(issues).toEqual(["first open", "second closed", "forged open"]);
    expect(number).toBe(1);
  });

  it("closes the later one of two incident issues as soon as it sees both", async () => {
    const client = await sandbox.github.client(environments, { issues: "write" });
    for (const title of ["left", "doubled"]) {
      await client.write("POST /repos/{owner}/{repo}/issues", { title, body: "<!-- slipway:incident i-9 -->\ntext" }, anything);
    }
    await incidents(sandbox.github, environments).find("i-9");
    const issues = sandbox.repository(environments).issues.filter(({ body }) => body?.includes("incident i-9"));
    expect(issues.map(({ title, state }) => `${title} ${state}`)).toEqual(["left open", "doubled closed"]);
  });

  it("removes the later one of two answers as soon as it sees both", async () => {
    const { number } = await pullRequest();
    for (const text of ["first", "second"]) await sayAsApp(number, `<!-- slipway:answer 4711 -->\n${text}`);
    expect(await conversation(sandbox.github, models).answered({ pullRequest: number, id: 4711 })).toBe(true);
    expect(bodies(number)).toEqual(["slipway[bot]: <!-- slipway:answer 4711 -->\nfirst"]);
  });

  it("does not write into an issue that somebody else opened", async () => {
    const opened = await sandbox.as("ada", "POST", `/repos/${environments}/issues`, { title: "Mine", body: "Keep." });
    const { number } = z.object({ number: z.number() }).parse(opened);
    await expect(incidents(sandbox.github, environments).update(number, { body: "x", closed: true })).rejects.toThrow(
      "was not opened by this App",
    );
    expect(sandbox.repository(environments).issues.find((issue) => issue.number === number)?.body).toBe("Keep.");
  });

  it("writes the same incident text and state only once", async () => {
    const ours = incidents(sandbox.github, environments);
    const number = await ours.open("i-2", { title: "Latency", body: "08:00" });
    await ours.update(number, { body: "08:01", closed: true });
    sandbox.calls();
    await ours.update(number, { body: "08:01", closed: true });
    expect(sandbox.calls().filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("refuses to post what GitHub would refuse, before it calls, and says how long it was", async () => {
    const { head, number } = await pullRequest();
    const ours = reports(sandbox.github, models);
    sandbox.calls();
    await expect(ours.comment(number, "x".repeat(65_536))).rejects.toThrow(/would have 65560 characters, and GitHub takes 65536/);
    const state = { kind: "pending" } as const;
    await expect(ours.check({ head, title: "x".repeat(256), summary: "", state })).rejects.toThrow(/title has 256 characters/);
    await expect(ours.check({ head, title: "x", summary: "x".repeat(65_536), state })).rejects.toThrow(/summary 65536/);
    expect(sandbox.calls().filter(({ method }) => method !== "GET" && method !== "POST")).toEqual([]);
    expect(bodies(number)).toEqual([]);
    await ours.comment(number, "x".repeat(65_536 - marker.length - 1));
    await ours.check({ head, title: "x".repeat(255), summary: "x".repeat(65_535), state });
  });

  it("does not hear comments on issues, and flags those of other bots", async () => {
    const { number } = await pullRequest();
    const opened = await sandbox.as("ada", "POST", `/repos/${models}/issues`, { title: "An issue", body: "" });
    await say("ada", z.object({ number: z.number() }).parse(opened).number, "/slipway deploy production");
    await say("ada", number, "/slipway help");
    const { world } = sandbox.double;
    const issue = sandbox.repository(models).issues.find((candidate) => candidate.number === number);
    issue?.comments.push({
      id: world.nextId("comment"),
      issue,
      author: "renovate[bot]",
      body: "/slipway deploy production",
      createdAt: world.clock(),
      updatedAt: world.clock(),
      reactions: [],
    });
    const heard = await conversation(sandbox.github, models).since(instantOf(0));
    expect(heard.slice(-2).map(({ author, byBot, pullRequest }) => ({ author, byBot, pullRequest }))).toEqual([
      { author: "ada", byBot: false, pullRequest: number },
      { author: "renovate[bot]", byBot: true, pullRequest: number },
    ]);
  });
});
