import { generateKeyPairSync } from "node:crypto";
import nock from "nock";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { contentSpacing } from "#adapters/github/content-spacing.ts";
import { githubApp } from "#adapters/github/github-app.ts";
import type { GitHubClient } from "#adapters/github/github-client.ts";
import { GitHubRateLimited, GitHubUnavailable } from "#adapters/github/github-unavailable.ts";
import { modelRepository } from "#adapters/github/model-repository.ts";
import { readAgain } from "#adapters/github/read-again.ts";
import { workflowRuns } from "#adapters/github/workflow-runs.ts";
import { count, type GitHubSandbox, models, startGitHubSandbox } from "./github-sandbox.ts";
import { completeRun, leaveArtifact, recordRun } from "./sandbox-runs.ts";
import { zip } from "./zip.ts";

const anything = z.unknown();
const named = z.object({ full_name: z.string() });

describe("a GitHub client", () => {
  let sandbox: GitHubSandbox;
  let client: GitHubClient;
  beforeAll(async () => {
    sandbox = await startGitHubSandbox();
    client = await sandbox.github.client(models, { contents: "read", issues: "write" });
  });
  afterAll(() => sandbox.close());
  beforeEach(() => void sandbox.calls());
  afterEach(() => sandbox.double.world.faults.clear());

  const slow = {
    kind: "status",
    status: 403,
    message: "You have exceeded a secondary rate limit.",
    headers: { "retry-after": "0" },
  } as const;

  it("waits out a secondary rate limit when it reads", async () => {
    sandbox.fault({ path: `/repos/${models}$`, times: 2, ...slow });
    expect(await client.get("GET /repos/{owner}/{repo}", {}, named)).toEqual({ full_name: models });
    expect(count(sandbox.calls(), "repos/get")).toBe(1); // the two before met the fault and no operation
  });

  it("gives up after a bounded number of waits, with an error that says what to do", async () => {
    sandbox.fault({ path: `/repos/${models}$`, times: 10, ...slow });
    const failure = client.get("GET /repos/{owner}/{repo}", {}, named);
    await expect(failure).rejects.toBeInstanceOf(GitHubRateLimited);
    await expect(failure).rejects.toThrow(/asks for 0 s of patience \(GET \/repos\/acme\/models\)\. The next resync tries again/);
    expect(sandbox.calls()).toHaveLength(3);
  });

  it("does not wait for longer than a resync would", async () => {
    sandbox.fault({ path: `/repos/${models}$`, times: 10, ...slow, headers: { "retry-after": "3600" } });
    await expect(client.get("GET /repos/{owner}/{repo}", {}, named)).rejects.toMatchObject({
      name: "GitHubRateLimited",
      retryAfter: 3_600_000,
    });
    expect(sandbox.calls()).toHaveLength(1);
  });

  it("sends a write once, whatever it meets", async () => {
    for (const fault of [slow, { kind: "status", status: 502 } as const, { kind: "drop" } as const]) {
      sandbox.calls();
      sandbox.fault({ method: "POST", path: "/issues$", ...fault });
      await expect(client.write("POST /repos/{owner}/{repo}/issues", { title: "x" }, anything, "content")).rejects.toBeInstanceOf(
        GitHubUnavailable,
      );
      expect(sandbox.calls()).toHaveLength(1);
    }
    expect(sandbox.repository(models).issues).toEqual([]);
  });

  it("reads again after a failure that passes", async () => {
    sandbox.fault({ path: `/repos/${models}$`, kind: "status", status: 502 });
    sandbox.fault({ path: `/repos/${models}$`, kind: "drop" });
    expect(await client.get("GET /repos/{owner}/{repo}", {}, named)).toEqual({ full_name: models });
    sandbox.fault({ path: `/repos/${models}$`, kind: "status", status: 500, times: 3 });
    await expect(client.get("GET /repos/{owner}/{repo}", {}, named)).rejects.toMatchObject({ name: "GitHubUnavailable", status: 500 });
  });

  it("names the permission and who grants it when a call is refused", async () => {
    const error: unknown = await client
      .list("GET /repos/{owner}/{repo}/actions/runs", {}, { item: anything, under: "workflow_runs" })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: "GitHubRefused",
      status: 403,
      next: "The App needs contents: read, issues: write on acme/models; an owner of the repository grants it in the App's installation settings.",
    });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("ghs_");
  });

  it("does not take a 404 for an empty list: a missing permission looks like that", async () => {
    sandbox.fault({ path: "/issues/1/comments$", kind: "status", status: 404, message: "Not Found" });
    const list = client.list("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", { issue_number: 1 }, { item: anything });
    await expect(list).rejects.toMatchObject({ name: "GitHubRefused", status: 404 });
  });

  it("does not believe an answer that has another shape", async () => {
    await expect(client.get("GET /repos/{owner}/{repo}", {}, z.object({ id: z.string() }))).rejects.toThrow(/unexpected shape: id/);
  });

  it("asks for unchanged lists at no cost, and sees a change on any page", async () => {
    for (let index = 0; index < 101; index += 1) await sandbox.as("ada", "POST", `/repos/${models}/issues`, { title: `issue ${index}` });
    const list = () =>
      client.list(
        "GET /repos/{owner}/{repo}/issues",
        { sort: "created", direction: "asc" },
        { item: z.object({ title: z.string() }), conditional: true },
      );
    const first = await list();
    expect(first).toHaveLength(101);
    sandbox.calls();
    expect(await list()).toEqual(first);
    expect(sandbox.calls().map(({ status }) => status)).toEqual([304, 304]);
    await sandbox.as("ada", "PATCH", `/repos/${models}/issues/101`, { title: "changed" });
    sandbox.calls();
    expect((await list()).at(-1)).toEqual({ title: "changed" });
    expect(sandbox.calls().map(({ status }) => status)).toEqual([304, 200]);
  });

  it("stops reading a download at the limit", async () => {
    const branch = "artifact";
    await sandbox.commit(models, branch, { "model.yaml": "a\n" });
    const run = await recordRun(sandbox, await sandbox.openPullRequest("ada", models, branch));
    const artifact = leaveArtifact(sandbox, run, zip([{ name: "evidence.json", content: "x" }]));
    const reader = await sandbox.github.client(models, { actions: "read" });
    const route = "GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/zip";
    expect(await reader.download(route, { artifact_id: artifact.id }, 20)).toEqual({ kind: "too-large" });
    expect(await reader.download(route, { artifact_id: artifact.id }, 20_000)).toMatchObject({
      kind: "bytes",
      bytes: new Uint8Array(artifact.bytes),
    });
    artifact.bytes = Buffer.alloc(50 * 1024 * 1024 + 1);
    await completeRun(sandbox, run);
    const runs = workflowRuns(sandbox.github, models);
    sandbox.calls();
    expect(await runs.evidence(run.id)).toEqual({
      kind: "unreadable",
      reason: "The artifact has 52428801 bytes; at most 50 MiB are read.",
    });
    expect(count(sandbox.calls(), "actions/download-artifact")).toBe(0);
    artifact.expired = true;
    expect(await runs.evidence(run.id)).toEqual({ kind: "none" });
  });

  it("refuses a file that is too large, and a path that leaves the repository", async () => {
    const head = await sandbox.commit(models, "large", { "fits.txt": "x".repeat(1024 * 1024), "large.txt": "x".repeat(1024 * 1024 + 1) });
    const repository = modelRepository(sandbox.github, models);
    expect(await repository.file(head, "fits.txt")).toHaveLength(1024 * 1024);
    await expect(repository.file(head, "large.txt")).rejects.toThrow(/large.txt is larger than 1048576 bytes/);
    for (const path of ["../secrets", "/etc/passwd", "a//b", "a/./b", "", "a/", "a\\b", "a\0b"]) {
      sandbox.calls();
      await expect(repository.file(head, path)).rejects.toThrow("is not a path in a repository");
      expect(sandbox.calls()).toEqual([]);
    }
  });
});

describe("a redirect to storage", () => {
  const api = "https://api.github.test";
  beforeAll(() => nock.disableNetConnect());
  afterEach(() => nock.cleanAll());
  afterAll(() => nock.enableNetConnect());

  function answerAsApi(location: string, status = 302) {
    const repo = `/repos/${models}`;
    nock(api).get(`${repo}/installation`).reply(200, { id: 1 });
    nock(api)
      .post("/app/installations/1/access_tokens", { repositories: ["models"], permissions: { actions: "read" } })
      .matchHeader("authorization", /^bearer eyJ/i)
      .reply(201, { token: "ghs_secret", expires_at: new Date(Date.now() + 3_600_000).toISOString() });
    nock(api)
      .get(`${repo}/actions/runs/7/artifacts`)
      .query(true)
      .reply(200, { total_count: 1, artifacts: [{ id: 9, name: "slipway-evidence", size_in_bytes: 10, expired: false }] });
    nock(api).get(`${repo}/actions/artifacts/9/zip`).matchHeader("authorization", "token ghs_secret").reply(status, "", { location });
  }
  const runs = () => workflowRuns(githubApp({ baseUrl: api, appId: 1, privateKey: key }), models);

  it("is followed without the token", async () => {
    answerAsApi("https://storage.test/artifact?sig=abc");
    nock("https://storage.test", { badheaders: ["authorization", "cookie"] })
      .get("/artifact?sig=abc")
      .reply(200, zip([{ name: "evidence.json", content: "{}" }]));
    expect(await runs().evidence(7)).toMatchObject({ kind: "found" });
  });

  it("is cut at the limit even when the size that GitHub told was small", async () => {
    answerAsApi("https://storage.test/artifact");
    nock("https://storage.test")
      .get("/artifact")
      .reply(200, Buffer.alloc(50 * 1024 * 1024 + 1));
    expect(await runs().evidence(7)).toEqual({ kind: "unreadable", reason: "The artifact is too large; at most 50 MiB are read." });
  });

  it("is not followed to an address that is not encrypted, nor when it is for good", async () => {
    answerAsApi("http://storage.test/artifact");
    await expect(runs().evidence(7)).rejects.toThrow("points to an address that is not encrypted");
    nock.cleanAll();
    answerAsApi("https://api.github.test/repositories/1/actions/artifacts/9/zip", 301);
    await expect(runs().evidence(7)).rejects.toThrow("Write its new name in the policy.");
  });
});

describe("a host that echoes what it was sent", () => {
  it("does not bring the token into a message", async () => {
    const api = "https://echo.test";
    nock(api).get(`/repos/${models}/installation`).reply(200, { id: 1 });
    nock(api).post("/app/installations/1/access_tokens").reply(201, { token: "ghs_secret", expires_at: "2126-01-01T00:00:00Z" });
    nock(api).get(`/repos/${models}`).reply(400, { message: "bad header authorization: token ghs_secret" });
    const client = await githubApp({ baseUrl: api, appId: 1, privateKey: key }).client(models, { contents: "read" });
    await expect(client.get("GET /repos/{owner}/{repo}", {}, anything)).rejects.toThrow(
      "GitHub answered 400: bad header authorization: token [secret] (GET",
    );
  });
});

describe("contentSpacing", () => {
  it("lets calls that create content pass in order, with a distance between them", async () => {
    let now = 0;
    const passed: string[] = [];
    const pauses: number[] = [];
    const spacing = contentSpacing(3000, { now: () => now, pause: async (milliseconds) => void pauses.push(milliseconds) });
    await Promise.all(["first", "second", "third"].map((name) => spacing.turn().then(() => passed.push(name))));
    expect(passed).toEqual(["first", "second", "third"]);
    expect(pauses).toEqual([3000, 6000]);
    now = 20_000;
    await spacing.turn();
    expect(pauses).toHaveLength(2);
  });
});

describe("readAgain", () => {
  it("waits longer after each failure, and does not repeat what is not GitHub's failure", async () => {
    const pauses: number[] = [];
    const pause = async (milliseconds: number) => void pauses.push(milliseconds);
    const failing = () => Promise.reject(new GitHubUnavailable({ what: "GitHub answered 502", where: "GET /", next: "" }));
    await expect(readAgain(failing, { pause })).rejects.toThrow("502");
    expect(pauses).toEqual([250, 500]);
    await expect(readAgain(() => Promise.reject(new TypeError("ours")), { pause })).rejects.toThrow("ours");
    expect(pauses).toHaveLength(2);
  });
});

const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
