import { afterAll, beforeAll, expect, test } from "vitest";
import operations from "#sandbox/github/operations.json" with { type: "json" };
import { StartedRun } from "#sandbox/github/runner.ts";
import { uploadArtifact } from "#sandbox/github/upload-artifact.ts";
import { type DoubleUnderTest, doubleUnderTest, type Octokit, refused } from "./double-under-test.ts";

// One story on one double, in order: it touches every operation that the double serves, so that the last test can say that all of them kept GitHub's description.

const models = { owner: "acme", repo: "models" };
const everything = {
  contents: "write",
  checks: "write",
  pull_requests: "write",
  issues: "write",
  actions: "write",
  members: "read",
} as const;

let double: DoubleUnderTest;
let app: Octokit;
let clone: string;
let head: string;

beforeAll(async () => {
  double = await doubleUnderTest();
  app = await double.asInstallation(["models"], everything);
  clone = await double.clone("acme/models", double.tokens.ada ?? "");
  head = await double.push(clone, "better", { "models/ranker/model.yaml": "name: ranker\nversion: 2\n", "new.txt": "x\n" });
});
afterAll(() => double.stop());

test("the App knows itself, its installation and the repositories of a token", async () => {
  const jwt = double.asApp();
  expect((await jwt.rest.apps.getAuthenticated()).data).toMatchObject({ slug: "slipway", id: double.app.id });
  expect((await jwt.rest.apps.listInstallations()).data).toMatchObject([{ id: 1, account: { login: "acme" } }]);
  expect((await jwt.rest.apps.getInstallation({ installation_id: 1 })).data.app_slug).toBe("slipway");
  expect((await jwt.rest.apps.getRepoInstallation(models)).data.id).toBe(1);
  const { data } = await app.rest.apps.listReposAccessibleToInstallation();
  expect(data.repositories.map((repository) => repository.full_name)).toEqual(["acme/models"]);
});

test("people, their roles and teams", async () => {
  const level = async (username: string): Promise<string[]> => {
    const { data } = await app.rest.repos.getCollaboratorPermissionLevel({ ...models, username });
    return [data.permission, data.role_name];
  };
  expect(await level("ada")).toEqual(["write", "maintain"]);
  expect(await level("bob")).toEqual(["read", "read"]);
  expect(await level("eve")).toEqual(["none", "none"]);
  expect(await refused(level("nobody"))).toBe(404);
  const membership = (username: string): Promise<{ data: { state: string } }> =>
    app.rest.teams.getMembershipForUserInOrg({ org: "acme", team_slug: "ranking", username });
  expect((await membership("ada")).data.state).toBe("active");
  expect(await refused(membership("bob"))).toBe(404);
  expect((await double.as("ada").rest.users.getAuthenticated()).data.login).toBe("ada");
  expect((await app.rest.users.getByUsername({ username: "slipway[bot]" })).data.type).toBe("Bot");
  expect((await app.rest.rateLimit.get()).data.rate.remaining).toBeGreaterThan(0);
});

test("repositories, branches and commits are read from git", async () => {
  expect((await app.rest.repos.get(models)).data.default_branch).toBe("main");
  expect((await app.rest.repos.listBranches(models)).data.map((branch) => branch.name)).toEqual(["better", "main"]);
  expect((await app.rest.repos.getBranch({ ...models, branch: "better" })).data.commit.sha).toBe(head);
  const commit = await app.rest.repos.getCommit({ ...models, ref: "better" });
  expect(commit.data.sha).toBe(head);
  expect(commit.data.files?.map((file) => [file.filename, file.status])).toEqual([
    ["models/ranker/model.yaml", "modified"],
    ["new.txt", "added"],
  ]);
  expect((await app.rest.repos.listCommits({ ...models, sha: "better" })).data.map(({ sha }) => sha)).toEqual([
    head,
    commit.data.parents[0]?.sha,
  ]);
  const compared = await app.rest.repos.compareCommitsWithBasehead({ ...models, basehead: "main...better" });
  expect(compared.data).toMatchObject({ status: "ahead", ahead_by: 1, behind_by: 0 });
  expect(compared.data.files?.[0]?.patch).toContain("+version: 2");
});

test("refs, commits, trees and blobs", async () => {
  const ref = await app.rest.git.getRef({ ...models, ref: "heads/better" });
  expect(ref.data.object.sha).toBe(head);
  await app.rest.git.createRef({ ...models, ref: "refs/heads/copy", sha: head });
  expect((await app.rest.git.listMatchingRefs({ ...models, ref: "heads/" })).data).toHaveLength(3);
  expect(await refused(app.rest.git.createRef({ ...models, ref: "refs/heads/copy", sha: head }))).toBe(422);
  const main = (await app.rest.git.getRef({ ...models, ref: "heads/main" })).data.object.sha;
  expect(await refused(app.rest.git.updateRef({ ...models, ref: "heads/copy", sha: main }))).toBe(422);
  expect((await app.rest.git.updateRef({ ...models, ref: "heads/copy", sha: main, force: true })).data.object.sha).toBe(main);
  await app.rest.git.deleteRef({ ...models, ref: "heads/copy" });
  const commit = await app.rest.git.getCommit({ ...models, commit_sha: head });
  const tree = await app.rest.git.getTree({ ...models, tree_sha: commit.data.tree.sha, recursive: "true" });
  const entry = tree.data.tree.find(({ path }) => path === "models/ranker/model.yaml");
  const blob = await app.rest.git.getBlob({ ...models, file_sha: entry?.sha ?? "" });
  expect(Buffer.from(blob.data.content, "base64").toString()).toBe("name: ranker\nversion: 2\n");
});

test("contents: a file by ref, raw, a folder, a write that must name the old blob", async () => {
  const file = await app.rest.repos.getContent({ ...models, path: "models/ranker/model.yaml", ref: "better" });
  expect(file.data).toMatchObject({ type: "file", encoding: "base64" });
  const raw = await app.rest.repos.getContent({ ...models, path: "models/ranker/model.yaml", mediaType: { format: "raw" } });
  expect(raw.data).toBe("name: ranker\nversion: 1\n");
  const folder = await app.rest.repos.getContent({ ...models, path: "" });
  expect(folder.data).toMatchObject([{ name: "README.md" }, { name: "models", type: "dir" }]);
  expect(await refused(app.rest.repos.getContent({ ...models, path: "absent" }))).toBe(404);

  const put = (content: string, sha?: string): Promise<{ status: number; data: { content: { sha?: string } | null } }> =>
    app.rest.repos.createOrUpdateFileContents({
      ...models,
      path: "notes.md",
      message: "Notes",
      branch: "notes",
      content: Buffer.from(content).toString("base64"),
      ...(sha === undefined ? {} : { sha }),
    });
  const main = (await app.rest.git.getRef({ ...models, ref: "heads/main" })).data.object.sha;
  await app.rest.git.createRef({ ...models, ref: "refs/heads/notes", sha: main });
  const made = await put("one");
  expect(made.status).toBe(201);
  expect(await refused(put("two"))).toBe(422);
  expect(await refused(put("two", head))).toBe(409);
  expect((await put("two", made.data.content?.sha)).status).toBe(200);
});

test("a pull request: opened, listed, its files, edited, reviewed, checked, closed and reopened", async () => {
  const ada = double.as("ada");
  const { data: pull } = await ada.rest.pulls.create({ ...models, title: "Better", head: "better", base: "main", body: "please" });
  expect(pull).toMatchObject({ number: 1, state: "open", mergeable: true, changed_files: 2, commits: 1, head: { sha: head } });
  expect(await refused(ada.rest.pulls.create({ ...models, title: "Again", head: "better", base: "main" }))).toBe(422);
  const number = { ...models, pull_number: 1 };
  expect((await app.rest.pulls.list(models)).data.map((item) => item.number)).toEqual([1]);
  expect((await app.rest.pulls.listFiles(number)).data).toHaveLength(2);
  expect((await app.rest.repos.listPullRequestsAssociatedWithCommit({ ...models, commit_sha: head })).data[0]?.number).toBe(1);
  await ada.rest.pulls.update({ ...number, title: "Better ranker" });
  expect((await app.rest.pulls.get(number)).data.title).toBe("Better ranker");
  expect(await refused(ada.rest.pulls.createReview({ ...number, event: "APPROVE" }))).toBe(422);
  await double.as("bob").rest.pulls.createReview({ ...number, event: "APPROVE", body: "good" });
  expect((await app.rest.pulls.listReviews(number)).data).toMatchObject([{ state: "APPROVED", commit_id: head, user: { login: "bob" } }]);
  expect((await ada.rest.pulls.update({ ...number, state: "closed" })).data.state).toBe("closed");
  expect((await ada.rest.pulls.update({ ...number, state: "open" })).data.state).toBe("open");
});

test("comments and reactions carry who wrote them, and through which App", async () => {
  const number = { ...models, issue_number: 1 };
  const { data: mine } = await app.rest.issues.createComment({ ...number, body: "report" });
  expect(mine).toMatchObject({ user: { login: "slipway[bot]", type: "Bot" }, performed_via_github_app: { id: double.app.id } });
  const { data: theirs } = await double.as("bob").rest.issues.createComment({ ...number, body: "/slipway status" });
  expect(theirs).toMatchObject({ user: { login: "bob", type: "User" }, performed_via_github_app: null });
  expect((await app.rest.issues.listComments(number)).data.map(({ id }) => id)).toEqual([mine.id, theirs.id]);
  expect((await app.rest.issues.listCommentsForRepo({ ...models, since: mine.created_at })).data).toHaveLength(2);
  await app.rest.issues.updateComment({ ...models, comment_id: mine.id, body: "report, again" });
  expect((await app.rest.issues.getComment({ ...models, comment_id: mine.id })).data.body).toBe("report, again");
  expect((await app.rest.reactions.createForIssueComment({ ...models, comment_id: theirs.id, content: "eyes" })).status).toBe(201);
  expect((await app.rest.reactions.createForIssueComment({ ...models, comment_id: theirs.id, content: "eyes" })).status).toBe(200);
  expect((await app.rest.reactions.listForIssueComment({ ...models, comment_id: theirs.id })).data).toHaveLength(1);
  expect(await refused(app.rest.issues.createComment({ ...number, body: "x".repeat(65_537) }))).toBe(422);
  await app.rest.issues.deleteComment({ ...models, comment_id: mine.id });
  expect(await refused(app.rest.issues.getComment({ ...models, comment_id: mine.id }))).toBe(404);
});

test("issues: made, listed by label, closed", async () => {
  const { data: issue } = await app.rest.issues.create({ ...models, title: "Incident", body: "what happened", labels: ["slipway"] });
  expect((await app.rest.issues.get({ ...models, issue_number: issue.number })).data.user?.login).toBe("slipway[bot]");
  expect((await app.rest.issues.listForRepo({ ...models, labels: "slipway" })).data.map(({ number }) => number)).toEqual([issue.number]);
  await app.rest.issues.update({ ...models, issue_number: issue.number, title: "Incident 1" });
  const { data: closed } = await app.rest.issues.update({
    ...models,
    issue_number: issue.number,
    state: "closed",
    state_reason: "completed",
  });
  expect(closed).toMatchObject({ state: "closed", state_reason: "completed" });
  await app.rest.issues.update({ ...models, issue_number: issue.number, state: "open" });
});

test("check runs: made once by the App, updated, the latest listed", async () => {
  const made = await app.rest.checks.create({ ...models, name: "slipway", head_sha: head, status: "in_progress" });
  expect(made.data).toMatchObject({ status: "in_progress", conclusion: null, app: { slug: "slipway" } });
  const output = { title: "passes", summary: "all gates" };
  await app.rest.checks.update({ ...models, check_run_id: made.data.id, status: "completed", conclusion: "success", output });
  expect((await app.rest.checks.get({ ...models, check_run_id: made.data.id })).data.output.title).toBe("passes");
  await app.rest.checks.create({ ...models, name: "slipway", head_sha: head, conclusion: "failure", output });
  const latest = await app.rest.checks.listForRef({ ...models, ref: head, app_id: double.app.id });
  expect(latest.data).toMatchObject({ total_count: 1, check_runs: [{ conclusion: "failure" }] });
  expect((await app.rest.checks.listForRef({ ...models, ref: "better", filter: "all" })).data.total_count).toBe(2);
  expect(await refused(app.rest.checks.create({ ...models, name: "slipway", head_sha: "0".repeat(40) }))).toBe(422);
  expect(await refused(double.as("ada").rest.checks.create({ ...models, name: "slipway", head_sha: head }))).toBe(403);
});

test("workflow runs: recorded, listed by head, artifacts by run, run again", async () => {
  const { run } = await startedRun();
  const list = await app.rest.actions.listWorkflowRunsForRepo({ ...models, head_sha: head, event: "pull_request" });
  expect(list.data.workflow_runs.map(({ id }) => id)).toEqual([run.id]);
  expect((await app.rest.actions.getWorkflowRun({ ...models, run_id: run.id })).data).toMatchObject({
    head_sha: head,
    event: "pull_request",
    run_attempt: 1,
    head_repository: { full_name: "acme/models" },
    pull_requests: [{ number: 1 }],
  });
  const { id } = await uploadArtifact((await startedRun()).env, "evidence", `${clone}/models`);
  const other = await app.rest.actions.listWorkflowRunArtifacts({ ...models, run_id: run.id });
  expect(other.data.total_count).toBe(0);
  expect((await app.rest.actions.getArtifact({ ...models, artifact_id: id })).data).toMatchObject({ name: "evidence", expired: false });
  const zip = await app.rest.actions.downloadArtifact({ ...models, artifact_id: id, archive_format: "zip" });
  expect(Buffer.from(toBytes(zip.data)).subarray(0, 2).toString()).toBe("PK");
  expect(await refused(app.rest.actions.reRunWorkflow({ ...models, run_id: run.id }))).toBe(403);
  await double.control("POST", `runs/${run.id}/complete`, { conclusion: "success" });
  await app.rest.actions.reRunWorkflow({ ...models, run_id: run.id });
  const attempt = (attempt_number: number): Promise<{ data: { status: string | null } }> =>
    app.rest.actions.getWorkflowRunAttempt({ ...models, run_id: run.id, attempt_number });
  expect((await attempt(1)).data.status).toBe("completed");
  expect((await attempt(2)).data.status).toBe("queued");
});

test("a merge needs the expected head, and really merges in git", async () => {
  const ada = double.as("ada");
  const number = { ...models, pull_number: 1 };
  head = await double.push(clone, "better", { "new.txt": "y\n" });
  expect(await refused(ada.rest.pulls.merge({ ...number, sha: "1".repeat(40) }))).toBe(409);
  const { data: merged } = await app.rest.pulls.merge({ ...number, sha: head, merge_method: "merge" });
  expect((await double.git("-C", clone, "fetch", "--quiet", "origin", "main")).code).toBe(0);
  expect((await double.git("-C", clone, "rev-parse", "FETCH_HEAD")).out).toBe(merged.sha);
  expect((await double.git("-C", clone, "rev-parse", "FETCH_HEAD^2")).out).toBe(head);
  const { data: pull } = await app.rest.pulls.get(number);
  expect(pull).toMatchObject({
    merged: true,
    state: "closed",
    merge_commit_sha: merged.sha,
    merged_by: { login: "slipway[bot]" },
    changed_files: 2,
  });
  expect(await refused(app.rest.pulls.merge(number))).toBe(405);
});

test("the delivery log lists what was sent and delivers again", async () => {
  await double.world.webhooks.idle();
  const jwt = double.asApp();
  const { data } = await jwt.rest.apps.listWebhookDeliveries({ per_page: 5 });
  expect(data).toHaveLength(5);
  const id = data[0]?.id ?? 0;
  expect((await jwt.rest.apps.redeliverWebhookDelivery({ delivery_id: id })).status).toBe(202);
  const again = (await jwt.rest.apps.listWebhookDeliveries({ per_page: 1 })).data[0];
  expect(again).toMatchObject({ redelivery: true, guid: data[0]?.guid });
});

test("a button of a check and a group of a merge queue are told to the App", async () => {
  const output = { title: "fails", summary: "a gate" };
  const actions = [{ label: "Evaluate again", description: "Runs the trusted workflow anew", identifier: "evaluate" }];
  const made = await app.rest.checks.create({ ...models, name: "slipway", head_sha: head, conclusion: "failure", output, actions });
  await double.control("POST", `checks/${made.data.id}/click`, { by: "ada", identifier: "evaluate" });
  await double.push(clone, `gh-readonly-queue/main/pr-1-${head}`, { "queued.txt": "x\n" });
  const told = double.world.webhooks.deliveries.map(({ event, action }) => `${event} ${action}`);
  expect(told).toEqual(expect.arrayContaining(["check_run requested_action", "merge_group checks_requested"]));
});

test("every operation that is served was used above and kept GitHub's description, every webhook too", async () => {
  await double.world.webhooks.idle();
  const kept = [...double.world.contract.kept];
  const succeeded = new Set(kept.filter((entry) => / [23]\d\d$/.test(entry)).map((entry) => entry.split(" ")[0]));
  expect([...double.world.contract.operations].filter((operation) => !succeeded.has(operation))).toEqual([]);
  const webhooks = kept.filter((entry) => entry.startsWith("webhook ")).map((entry) => entry.slice(8));
  expect(webhooks.toSorted()).toEqual(operations.webhooks.toSorted());
  expect(double.world.contract.violations).toEqual([]);
});

async function startedRun(): Promise<StartedRun> {
  return StartedRun.parse(await double.control("POST", "runs", { repository: "acme/models", event: "pull_request", pullRequest: 1 }));
}

function toBytes(data: unknown): ArrayBuffer {
  if (data instanceof ArrayBuffer) return data;
  throw new Error("the client gave no bytes");
}
