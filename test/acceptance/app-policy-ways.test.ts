import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { Checkout } from "#sandbox/stage/checkout.ts";
import { eventually } from "#sandbox/stage/eventually.ts";
import type { Person } from "#sandbox/stage/person.ts";
import { type Stage, trustedWorkflow } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { appStage, ask, commitsWith, evaluated, models, strike } from "#test/support/app-stage.ts";

let stage: Stage;
let good: { readonly number: number; readonly sha: string };

beforeAll(async () => {
  stage = await appStage({ resyncSeconds: 3600 });
  good = await stage.propose("good", "Rank by BM25", versions.slow);
  await evaluated(stage, good, "Pass");
}, 120_000);
afterAll(() => strike(stage));

/** Petra changes the policy's words for production. */
async function policy(production: string, approvers: string): Promise<void> {
  const checkout = await stage.look();
  const path = ".slipway/policy.yaml";
  const text = await checkout.read(path);
  const written = text.replace(/\{name: production, .*\}/, production).replace(/approver: \{.*\}/, approvers);
  expect(written).not.toBe(text);
  await checkout.write(path, written);
  await checkout.push("Change how production is released to");
}

/** GitHub's times are whole seconds: a command means only what began before them. */
async function says(person: Person, line: string, number = good.number): Promise<string> {
  await pause(1100);
  return (await ask(person, number, line)).answer;
}

it("a group of the merge queue gets a check of its own, which says what its pull request's head does", async () => {
  const { models: checkout, people } = stage;
  await checkout.git("fetch", "--quiet", "origin");
  await checkout.git("switch", "--quiet", "--detach", "origin/main");
  const base = await checkout.git("rev-parse", "HEAD");
  await checkout.git("merge", "--quiet", "--no-ff", "--message", "Merge good", "origin/good");
  const head = await checkout.git("rev-parse", "HEAD");
  await checkout.git("push", "--quiet", "origin", `HEAD:refs/heads/gh-readonly-queue/main/pr-${good.number}-${base}`);
  const check = await eventually("the check of the group", async () =>
    (await people.lee.checks(models, head)).find(({ name, conclusion }) => name === "slipway" && conclusion !== null),
  );
  expect(check.conclusion).toBe("success");
  expect(check.output.title).toMatch(new RegExp(`^#${good.number}: Pass`));
});

it("where policy asks for two approvals, nothing starts before two people other than the author gave theirs", async () => {
  const { lee, maria, omar } = stage.people;
  await policy("{name: production, from: pull-request, rollback: merge, approvals: {people: 2}}", "approver: {users: [lee, maria, omar]}");
  const deploy = `/slipway deploy production @${good.sha}`;
  const approve = `/slipway approve production @${good.sha}`;
  expect(await says(lee, deploy)).toContain("⛔ production asks for 2 approvals");
  expect(await says(maria, approve)).toContain("nobody approves their own");
  expect(await says(omar, approve)).toContain("🚀 Approve search-ranker 2026.11.18-1 for production (1 of 2 approvals).");
  expect(await says(omar, approve)).toContain("⛔ omar has approved exactly this for production");
  expect(await says(lee, deploy)).toContain("it has 1, of omar");
  expect(await commitsWith(stage, "Slipway-Step", "start")).toEqual([]);
  expect(await says(lee, approve)).toContain("(2 of 2 approvals)");
  expect(await says(lee, deploy)).toContain("🚀 Starts the release of search-ranker 2026.11.18-1 to production.");
  expect(await commitsWith(stage, "Slipway-Step", "start")).toHaveLength(1);
  expect(await says(lee, "/slipway abort production")).toContain("🚀 Abort search-ranker 2026.11.18-1 in production.");
});

it("where policy asks for two people, a failing gate is set aside by the second one, never by the author, and the report says by whom", async () => {
  const { lee, maria, omar } = stage.people;
  const checkout = await stage.look();
  const path = ".slipway/policy.yaml";
  const text = (await checkout.read(path)).replace(/approver: \{.*\}/, "approver: {users: [lee, maria, omar]}");
  await checkout.write(path, `${text}overrides: {role: approver, people: 2}\n`);
  await checkout.push("Let two people set a gate aside");
  const worse = await stage.propose("worse", "Rank by how documents begin", versions.worse);
  await evaluated(stage, worse, "Fail");

  const override = "/slipway override ndcg@10 the old index goes tonight --env production";
  expect(await says(maria, override, worse.number)).toContain("⛔");
  expect(await says(lee, override, worse.number)).toContain("1 of 2");
  expect(await says(lee, override, worse.number)).toContain("⛔");
  const reports = async () => (await lee.comments(models, worse.number)).filter(({ body }) => body.startsWith("<!-- slipway:report -->"));
  expect((await reports()).map(({ body }) => body.includes("set aside by"))).toEqual([false]);
  expect(await says(omar, override, worse.number)).toContain("🚀");
  await eventually("a report that says who set the gate aside", async () =>
    (await reports()).find(({ body }) => /set aside by (?:lee and omar|omar and lee): the old index goes tonight/.test(body)),
  );
});

const recordedSchema = z.looseObject({ run: z.looseObject({ id: z.number() }) });

it("a fork's head is evaluated again only for who spells out its commit, and is never released", async () => {
  const { lee, maria } = stage.people;
  await stage.double.repository({
    owner: "maria",
    name: "models",
    from: stage.models.folder,
    author: "maria",
    forkOf: models,
    permissions: { maria: "admin" },
  });
  const fork = await Checkout.of(maria.clone("maria/models"), join(stage.folder, "fork"), "maria");
  await fork.git("fetch", "--quiet", maria.clone(models), "good");
  await fork.git("switch", "--quiet", "--create", "from-outside", "FETCH_HEAD");
  await fork.write("models/search-ranker/NOTES.md", "From outside.\n");
  const sha = await fork.push("From outside");
  const { number } = await maria.openPullRequest(models, { head: "maria:from-outside", title: "From outside" });
  const recorded = await stage.double.ask("POST", "runs", {
    repository: models,
    event: "pull_request",
    pullRequest: number,
    workflow: ".github/workflows/slipway.yml",
    called: { ref: `${trustedWorkflow}@${stage.workflowSha}`, sha: stage.workflowSha },
    permissions: { contents: "read" },
    idToken: false,
  });
  const { run } = recordedSchema.parse(recorded);
  await stage.double.ask("POST", `runs/${run.id}/complete`, { conclusion: "success" });

  expect(await says(lee, "/slipway evaluate", number)).toContain("Read the commit, then spell it out in full");
  expect(await says(lee, `/slipway evaluate @${sha}`, number)).toContain(
    `🚀 Evaluates ${sha.slice(0, 12)} again: attempt 2 of run ${run.id}.`,
  );
  expect(await says(lee, `/slipway deploy production @${sha}`, number)).toContain("nothing is released from a fork");
});

it("where policy says onMerge, the merge starts the release once, and the answer says whose merge it was", async () => {
  const { lee } = stage.people;
  await policy("{name: production, from: merged, onMerge: true, rollback: merge}", "approver: {users: [lee]}");
  await pause(1100);
  await lee.mergePullRequest(models, good.number);
  const answer = await eventually("the answer to the merge", async () =>
    (await lee.comments(models, good.number)).find(({ body }) => body.startsWith("<!-- slipway:answer merge ")),
  );
  expect(answer.body).toContain(`lee merged #${good.number}: search-ranker to production`);
  expect(answer.body).toContain("🚀 Starts the release of search-ranker 2026.11.18-1 to production.");
  const trailers = await (await stage.look()).git(
    "log",
    "-1",
    "--grep=^Slipway-Step: start$",
    "--format=%(trailers:key=Slipway-Command,valueonly)",
  );
  expect(trailers).toMatch(/^merge [0-9a-f]{40} production\/search-ranker$/);
});
