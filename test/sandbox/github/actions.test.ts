import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fromBuffer } from "yauzl";
import { z } from "zod";
import { runWorkflow, StartedRun } from "#sandbox/github/runner.ts";
import { uploadArtifact } from "#sandbox/github/upload-artifact.ts";
import { type DoubleUnderTest, doubleUnderTest, refused } from "./double-under-test.ts";

const models = { owner: "acme", repo: "models" };
const trusted = { ref: "acme/slipway/.github/workflows/evaluate.yml@refs/tags/v1", sha: "5".repeat(40) };

let double: DoubleUnderTest;
let head: string;

beforeEach(async () => {
  double = await doubleUnderTest();
  const clone = await double.clone("acme/models", double.tokens.ada ?? "");
  head = await double.push(clone, "better", { "models/ranker/model.yaml": "name: ranker\nversion: 2\n" });
  await double.as("ada").rest.pulls.create({ ...models, title: "Better", head: "better", base: "main" });
});
afterEach(() => double.stop());

const start = async (wanted: object = {}): Promise<StartedRun> =>
  StartedRun.parse(await double.control("POST", "runs", { repository: "acme/models", event: "pull_request", pullRequest: 1, ...wanted }));

async function idToken({ env }: StartedRun, audience: string): Promise<{ status: number; token: string }> {
  const url = new URL(env.ACTIONS_ID_TOKEN_REQUEST_URL ?? "");
  url.searchParams.set("audience", audience);
  const answer = await fetch(url, { headers: { authorization: `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` } });
  const { value } = z.object({ value: z.string().default("") }).parse(await answer.json());
  return { status: answer.status, token: value };
}

async function verified(token: string, audience: string): Promise<Record<string, unknown>> {
  const discovery = z
    .object({ jwks_uri: z.string() })
    .parse(await (await fetch(`${double.issuer}/.well-known/openid-configuration`)).json());
  const keys = createRemoteJWKSet(new URL(discovery.jwks_uri));
  return (await jwtVerify(token, keys, { issuer: double.issuer, audience, algorithms: ["RS256"], maxTokenAge: "10m" })).payload;
}

test("a run's identity token carries the claims of the recorded run: the called workflow, and the merge commit as sha", async () => {
  const run = await start({ called: trusted, actor: "ada" });
  const { token } = await idToken(run, "slipway:sha256:abc");
  const merge = (
    await double.git("ls-remote", `${double.url.replace("//", `//x:${double.tokens.ada}@`)}/acme/models.git`, "refs/pull/1/merge")
  ).out.slice(0, 40);
  expect(await verified(token, "slipway:sha256:abc")).toMatchObject({
    repository: "acme/models",
    repository_id: "1",
    repository_owner: "acme",
    event_name: "pull_request",
    ref: "refs/pull/1/merge",
    sha: merge,
    head_ref: "better",
    base_ref: "main",
    workflow_ref: "acme/models/.github/workflows/evidence.yml@refs/pull/1/merge",
    workflow_sha: merge,
    job_workflow_ref: trusted.ref,
    job_workflow_sha: trusted.sha,
    run_id: String(run.run.id),
    run_attempt: "1",
    actor: "ada",
    runner_environment: "github-hosted",
    sub: "repo:acme/models:pull_request",
  });
  const commit = await double.as("ada").rest.git.getCommit({ ...models, commit_sha: merge });
  expect(commit.data.parents[1]?.sha).toBe(head);
  await expect(verified(token, "slipway:sha256:other")).rejects.toThrow(/aud/);
});

test("a run without a called workflow names the author's own file, and a request token of no job gets nothing", async () => {
  const run = await start();
  const { token } = await idToken(run, "a");
  expect(await verified(token, "a")).toMatchObject({ job_workflow_ref: "acme/models/.github/workflows/evidence.yml@refs/pull/1/merge" });
  expect((await idToken({ ...run, env: { ...run.env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "made up" } }, "a")).status).toBe(401);
  await double.control("POST", `runs/${run.run.id}/complete`);
  expect((await idToken(run, "a")).status).toBe(401);
});

test("a fork's run has no identity token, and its head is readable through the base repository", async () => {
  await double.control("POST", "users", { login: "eve" });
  await double.control("POST", "repositories", { owner: "eve", name: "models", forkOf: "acme/models" });
  await double.control("PUT", "repositories/acme/models/permissions", { eve: "read" });
  const clone = await double.clone("eve/models", double.tokens.eve ?? "");
  const forked = await double.push(clone, "mine", { "x.txt": "from a fork" });
  const { data: pull } = await double.as("eve").rest.pulls.create({ ...models, title: "Mine", head: "eve:mine", base: "main" });
  expect(pull.head).toMatchObject({ sha: forked, label: "eve:mine", repo: { full_name: "eve/models" } });
  const run = await start({ pullRequest: pull.number });
  expect(run.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN).toBeUndefined();
  const result = await runWorkflow({ double: double.url, run, steps: [{ name: "look", run: ["cat", "head/x.txt"] }] });
  expect(result.steps[0]?.stdout).toBe("from a fork");
});

test("an artifact is uploaded by the runner's protocol and downloaded by the run's id, bytes equal to the digest", async () => {
  const run = await start();
  const file = `${double.folder}/evidence.json`;
  await writeFile(file, `{"schema":"slipway/evidence/v1"}`);
  const { id, digest } = await uploadArtifact(run.env, "slipway-evidence", file);
  await expect(uploadArtifact(run.env, "slipway-evidence", file)).rejects.toThrow(/409/);
  const app = await double.asInstallation(["models"], { actions: "read" });
  const { data } = await app.rest.actions.listWorkflowRunArtifacts({ ...models, run_id: run.run.id });
  expect(data.artifacts).toMatchObject([{ id, name: "slipway-evidence", workflow_run: { id: run.run.id, head_sha: head } }]);
  const zip = Buffer.from(
    z.instanceof(ArrayBuffer).parse((await app.rest.actions.downloadArtifact({ ...models, artifact_id: id, archive_format: "zip" })).data),
  );
  expect(createHash("sha256").update(zip).digest("hex")).toBe(digest);
  expect(await unzipped(zip)).toEqual({ "evidence.json": `{"schema":"slipway/evidence/v1"}` });
  await double.control("POST", `artifacts/${id}/expire`);
  expect(await refused(app.rest.actions.downloadArtifact({ ...models, artifact_id: id, archive_format: "zip" }))).toBe(410);
  await double.control("POST", `runs/${run.run.id}/complete`);
  await expect(uploadArtifact(run.env, "late", file)).rejects.toThrow(/401/);
});

test("an artifact's address works only as signed", async () => {
  const run = await start();
  const file = `${double.folder}/a.txt`;
  await writeFile(file, "a");
  const { id } = await uploadArtifact(run.env, "a", file);
  const answer = await fetch(`${double.url}/repos/acme/models/actions/artifacts/${id}/zip`, {
    headers: { authorization: `Bearer ${double.tokens.ada}` },
    redirect: "manual",
  });
  const location = answer.headers.get("location") ?? "";
  expect((await fetch(location)).status).toBe(200);
  expect((await fetch(location.replace("sp=r", "sp=w"), { method: "PUT", body: "forged" })).status).toBe(403);
  expect((await fetch(location.replace(/sig=../, "sig=00"))).status).toBe(403);
});

test("the runner checks out both trees without credentials and runs the steps as processes, outputs and summary included", async () => {
  const run = await start({ called: trusted });
  const script = `
    const { appendFileSync, readFileSync, mkdirSync, writeFileSync } = await import("node:fs");
    const version = (tree) => /version: (.*)/.exec(readFileSync(tree + "/models/ranker/model.yaml", "utf8"))[1];
    appendFileSync(process.env.GITHUB_OUTPUT, "versions=" + version("base") + " " + version("head") + "\\nlong<<END\\na\\nb\\nEND\\n");
    appendFileSync(process.env.GITHUB_STEP_SUMMARY, "## " + process.env.GITHUB_RUN_ID + "\\n");
    mkdirSync("out/models", { recursive: true });
    writeFileSync("out/models/report.json", "{}");
    writeFileSync("out/evidence.json", JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH)).pull_request.head.sha);
    console.log(readFileSync("head/.git/config", "utf8") + readFileSync("base/.git/config", "utf8"));`;
  const node = process.execPath;
  const result = await runWorkflow({
    double: double.url,
    run,
    steps: [
      { name: "evaluate", run: [node, "--input-type=module", "-e", script] },
      { name: "upload", run: "upload-artifact", path: "out", artifactName: "slipway" },
      { name: "fails", run: [node, "-e", "process.exit(3)"] },
      { name: "skipped", run: [node, "-e", ""] },
      { name: "notify", run: [node, "-e", "console.log(process.env.ID)"], env: { ID: "$outputs.artifact-id" }, if: "always" },
    ],
  });
  const [evaluate, upload, fails, skipped, notify] = result.steps;
  expect(evaluate).toMatchObject({ exitCode: 0, outputs: { versions: "1 2", long: "a\nb" }, summary: `## ${run.run.id}\n` });
  expect(evaluate?.stdout).not.toMatch(/x-access-token|extraheader|ghs_/i);
  expect([fails?.exitCode, skipped?.exitCode]).toEqual([3, null]);
  expect(notify?.stdout).toBe(`${upload?.artifact?.id}\n`);
  expect(result.conclusion).toBe("failure");
  const app = await double.asInstallation(["models"], { actions: "read" });
  expect((await app.rest.actions.getWorkflowRun({ ...models, run_id: run.run.id })).data).toMatchObject({
    status: "completed",
    conclusion: "failure",
  });
  const download = { ...models, artifact_id: upload?.artifact?.id ?? 0, archive_format: "zip" };
  const zip = z.instanceof(ArrayBuffer).parse((await app.rest.actions.downloadArtifact(download)).data);
  expect(await unzipped(Buffer.from(zip))).toEqual({ "evidence.json": head, "models/report.json": "{}" });
});

test("a run goes by the recorded event: dispatched on the default branch, and again as attempt two with new tokens", async () => {
  const run = await start({ event: "workflow_dispatch", pullRequest: undefined });
  expect(run.env).toMatchObject({ GITHUB_REF: "refs/heads/main", GITHUB_EVENT_NAME: "workflow_dispatch", GITHUB_RUN_ATTEMPT: "1" });
  await double.control("POST", `runs/${run.run.id}/complete`, { conclusion: "failure" });
  await double.as("ada").rest.actions.reRunWorkflow({ ...models, run_id: run.run.id });
  const again = StartedRun.parse(await double.control("POST", `runs/${run.run.id}/start`));
  expect(again.env.GITHUB_RUN_ATTEMPT).toBe("2");
  expect((await idToken(run, "a")).status).toBe(401);
  expect(await verified((await idToken(again, "a")).token, "a")).toMatchObject({
    run_attempt: "2",
    sub: "repo:acme/models:ref:refs/heads/main",
  });
});

/** Read by yauzl, which knows nothing of the writer. */
async function unzipped(bytes: Buffer): Promise<Record<string, string>> {
  return await new Promise((done, fail) => {
    const files: Record<string, string> = {};
    fromBuffer(bytes, { lazyEntries: true, validateEntrySizes: true }, (error, archive) => {
      if (error !== null) return fail(error);
      archive.on("entry", (entry) => {
        archive.openReadStream(entry, (failure, stream) => {
          if (failure !== null) return fail(failure);
          const chunks: Buffer[] = [];
          stream.on("data", (chunk: Buffer) => chunks.push(chunk));
          stream.on("end", () => {
            files[entry.fileName] = Buffer.concat(chunks).toString();
            archive.readEntry();
          });
        });
      });
      archive.on("end", () => done(files));
      archive.readEntry();
    });
  });
}
