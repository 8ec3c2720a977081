import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Report } from "#domain/evaluation/report.ts";
import { eventually } from "#sandbox/stage/eventually.ts";
import type { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import {
  answersTo,
  answerTo,
  appStage,
  ask,
  commitsWith,
  deliveries,
  evaluated,
  models,
  proposedAgain,
  reportComments,
  reported,
  strike,
} from "#test/support/app-stage.ts";
import { recordedReport, runByHand } from "#test/support/run-by-hand.ts";

let stage: Stage;
let good: { readonly number: number; readonly sha: string };
let report: Report;

/** Every webhook comes twice. */
beforeAll(async () => {
  stage = await appStage({ duplicateWebhooks: true, resyncSeconds: 3600 });
  good = await stage.propose("good", "Rank by BM25", versions.slow);
  await evaluated(stage, good, "Pass");
  report = await recordedReport(stage, good.number);
});
afterAll(() => strike(stage));

const sign = (body: string | Buffer, secret = stage.appEnvironment["SLIPWAY_WEBHOOK_SECRET"] ?? ""): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

async function post(body: string | Buffer, headers: Readonly<Record<string, string>>): Promise<{ status: number; text: string }> {
  const response = await fetch(`${stage.appUrl}/api/github/webhooks`, {
    method: "POST",
    body: typeof body === "string" ? body : Uint8Array.from(body),
    headers: {
      "content-type": "application/json",
      "x-github-delivery": crypto.randomUUID(),
      "x-github-event": "issue_comment",
      ...headers,
    },
  });
  return { status: response.status, text: await response.text() };
}

const commentSchema = z.looseObject({ body: z.string(), reactions: z.array(z.string()) });
const stateSchema = z.record(
  z.string(),
  z.looseObject({
    refs: z.record(z.string(), z.string()),
    issues: z.array(z.looseObject({ number: z.number(), comments: z.array(commentSchema) })),
    checks: z.array(z.looseObject({ headSha: z.string() })),
  }),
);
const world = async (): Promise<z.infer<typeof stateSchema>> => stateSchema.parse(await stage.double.ask("GET", "state"));

/** How many things Slipway has made for a pull request. */
async function made(pull: { readonly number: number; readonly sha: string }) {
  const { issues, checks } = (await world())[models] ?? { issues: [], checks: [] };
  const comments = issues.find(({ number }) => number === pull.number)?.comments ?? [];
  return {
    checks: checks.filter(({ headSha }) => headSha === pull.sha).length,
    reports: comments.filter(({ body }) => body.startsWith("<!-- slipway:report -->")).length,
    reactions: comments.flatMap(({ reactions }) => reactions),
  };
}

/** Everything that was asked of the App before this call is done: it takes up one thing after the other, and answers this last. */
async function settled(): Promise<void> {
  await stage.double.ask("POST", "idle");
  await ask(stage.people.maria, good.number, "/slipway help");
}

describe("a webhook that is not GitHub's", () => {
  it("is refused when its signature is not by the secret, and nothing happens", async () => {
    const said = await stage.people.maria.comment(models, good.number, "Looks good to me");
    const delivery = z
      .array(z.looseObject({ event: z.string(), payload: z.unknown() }))
      .parse(await stage.double.ask("GET", "deliveries"))
      .find(({ event }) => event === "issue_comment");
    const forged = JSON.stringify(delivery?.payload).replaceAll("Looks good to me", `/slipway deploy production @${good.sha}`);
    const before = await world();
    const mismatch = { status: 400, text: '{"error":"Error: [@octokit/webhooks] signature does not match event payload and secret"}' };
    for (const signature of [sign(forged, "development"), sign(`${forged} `), "sha256=00", "sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709"])
      expect(await post(forged, { "x-hub-signature-256": signature })).toEqual(mismatch);
    expect(await post(forged, {})).toEqual({ status: 400, text: '{"error":"Required headers missing: x-hub-signature-256"}' });
    await settled();
    expect((await world())["acme/environments"]).toEqual(before["acme/environments"]);
    expect(await answersTo(stage.people.maria, good.number, said.id)).toEqual([]);
  });

  it("is refused when it is too large, or does not say how large it is", async () => {
    const body = Buffer.alloc(6 * 1024 * 1024, "x");
    const signature = { "x-hub-signature-256": sign(body) };
    expect(await post(body, signature)).toEqual({ status: 413, text: "A webhook has at most 5242880 bytes.\n" });
    const unending = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536)) });
    const answer = await fetch(`${stage.appUrl}/api/github/webhooks`, {
      method: "POST",
      body: unending,
      duplex: "half",
      headers: signature,
    });
    expect({ status: answer.status, text: await answer.text() }).toEqual({ status: 411, text: "A webhook says how long it is.\n" });
  });

  it("is refused when it is no JSON, although it is signed", async () => {
    const body = "payload=%7B%7D";
    const signature = { "x-hub-signature-256": sign(body) };
    expect(await post(body, signature)).toEqual({ status: 400, text: '{"error":"SyntaxError: Invalid JSON"}' });
    expect((await post(body, { ...signature, "content-type": "application/x-www-form-urlencoded" })).status).toBe(415);
  });

  it("changes nothing when its event is one that Slipway does not know", async () => {
    const body = JSON.stringify({ action: "created", zen: "Keep it logically awesome." });
    const answer = await post(body, { "x-hub-signature-256": sign(body), "x-github-event": "sponsorship" });
    expect(answer).toEqual({ status: 200, text: "ok\n" });
    expect((await fetch(`${stage.appUrl}/healthz`)).status).toBe(200);
  });
});

describe("GitHub answers 502 after it has written", () => {
  it.each([
    ["a check", "/check-runs$"],
    ["a comment", "/issues/\\d+/comments$"],
  ])("%s: it is there once", async (what, path) => {
    await stage.double.fault({ method: "POST", path, kind: "apply-then-502" });
    const pull = await proposedAgain(stage, "good", `lost-${what.replace(" ", "-")}`);
    await runByHand(stage, { pullRequest: pull.number, report });
    await reported(stage, pull, "Pass");
    expect(await stage.double.ask("GET", "faults")).toEqual([]);
    await settled();
    expect(await made(pull)).toEqual({ checks: 1, reports: 1, reactions: [] });
  });

  it("a reaction and an answer: each is there once, and the check and the comment stay alone", async () => {
    await stage.double.fault({ method: "POST", path: "/reactions$", kind: "apply-then-502" });
    await stage.double.fault({ method: "POST", path: "/comments$", kind: "apply-then-502", after: 1 });
    const { id } = await ask(stage.people.lee, good.number, "/slipway help");
    await settled();
    expect(await answersTo(stage.people.lee, good.number, id)).toHaveLength(1);
    expect(await made(good)).toMatchObject({ checks: 1, reports: 1 });
    expect(await stage.people.lee.reactions(models, id)).toEqual(["eyes"]);
    await stage.double.ask("DELETE", "faults");
  });
});

it("a command whose webhook comes twice and is delivered again a third time starts one release and is answered once", async () => {
  const { id, answer, reactions } = await ask(stage.people.lee, good.number, `/slipway deploy production @${good.sha}`);
  expect(answer).toContain("🚀 Starts the release of search-ranker 2026.11.18-1 to production.");
  expect(reactions).toEqual(["rocket"]);
  for (const delivery of await deliveries(stage)) {
    if (["issue_comment", "workflow_run", "pull_request"].includes(delivery.event))
      await stage.double.ask("POST", `redeliver/${delivery.id}`);
  }
  await stage.double.ask("POST", "idle");
  await settled();
  expect((await deliveries(stage)).filter(({ statusCode }) => statusCode !== 200 && statusCode !== 502)).toEqual([]);
  expect(await commitsWith(stage, "Slipway-Command", id)).toHaveLength(1);
  expect(await commitsWith(stage, "Slipway-Step", "start")).toHaveLength(1);
  expect(await answersTo(stage.people.lee, good.number, id)).toEqual([answer]);
  expect(await made(good)).toMatchObject({ checks: 1, reports: 1 });
  expect(await reportComments(stage, good.number)).toHaveLength(1);
});

it("a pull request that is closed unmerged ends its release by one commit that restores what was live", async () => {
  const git = await stage.look();
  const before = await git.git(
    "rev-parse",
    `${(await commitsWith(stage, "Slipway-Step", "start"))[0]}^:environments/production/search-ranker`,
  );
  await stage.people.maria.closePullRequest(models, good.number);
  const [aborted, ...more] = await eventually("the commit that aborts", async () => {
    const commits = await commitsWith(stage, "Slipway-Step", "aborted");
    return commits.length === 0 ? undefined : commits;
  });
  expect(more).toEqual([]);
  const after = await (await stage.look()).git("rev-parse", `${aborted}:environments/production/search-ranker`);
  expect(after).toBe(before);
});

it("a lost webhook is not missed: what it would have asked for, the resync at the start does", async () => {
  await stage.double.webhooks({ url: null });
  const pull = await proposedAgain(stage, "good", "unheard");
  await runByHand(stage, { pullRequest: pull.number, report });
  const said = await stage.people.lee.comment(models, pull.number, "/slipway status");
  await stage.app?.kill("SIGTERM");
  await stage.startApp();
  await reported(stage, pull, "Pass");
  const { answer } = await answerTo(stage.people.lee, pull.number, said);
  expect(answer).toContain("This is what Git says now.");
  expect(await made(pull)).toEqual({ checks: 1, reports: 1, reactions: ["slipway[bot] eyes"] });
});
