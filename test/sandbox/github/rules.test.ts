import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { type DoubleUnderTest, doubleUnderTest, refused } from "./double-under-test.ts";

let double: DoubleUnderTest;
beforeEach(async () => {
  double = await doubleUnderTest();
});
afterEach(() => double.stop());

const models = { owner: "acme", repo: "models" };
const environments = { owner: "acme", repo: "environments" };
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(double.url + path, { headers });

test("an installation token opens only its repositories, and only with its permissions", async () => {
  const reader = await double.asInstallation(["models"], { contents: "read", issues: "read" });
  expect((await reader.rest.repos.getContent({ ...models, path: "README.md" })).status).toBe(200);
  expect(await refused(reader.rest.repos.getContent({ ...environments, path: "README.md" }))).toBe(404);
  expect(await refused(reader.rest.issues.create({ ...models, title: "no" }))).toBe(403);
  expect(await refused(reader.rest.checks.listForRef({ ...models, ref: "main" }))).toBe(403);
  expect(await refused(reader.rest.teams.getMembershipForUserInOrg({ org: "acme", team_slug: "ranking", username: "ada" }))).toBe(403);
});

test("a token cannot be minted for more than the App was granted, nor for repositories beyond it", async () => {
  expect(await refused(double.asInstallation(["models"], { administration: "write" }))).toBe(422);
  expect(await refused(double.asInstallation(["absent"], { contents: "read" }))).toBe(422);
});

test("only a fresh web token of the App's own key is the App", async () => {
  const now = Math.floor(Date.now() / 1000);
  const id = String(double.app.id);
  const own = createPrivateKey(double.app.privateKey);
  const status = async (issuer: string, seconds: number, key = own): Promise<number> => {
    const jwt = new SignJWT({ iss: issuer, iat: now - 30, exp: now + seconds }).setProtectedHeader({ alg: "RS256" });
    return (await get("/app", { authorization: `Bearer ${await jwt.sign(key)}` })).status;
  };
  expect(await status(id, 300)).toBe(200);
  expect(await status(id, 300, generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey)).toBe(401);
  expect(await status("1", 300)).toBe(401);
  expect(await status(id, 3600)).toBe(401);
  expect(await status(id, -60)).toBe(401);
});

test("tokens end: after an hour, and when they are revoked", async () => {
  let now = new Date();
  const later = await doubleUnderTest({ clock: () => now });
  const app = await later.asInstallation(["models"], { contents: "read" });
  expect((await app.rest.repos.get(models)).status).toBe(200);
  now = new Date(now.getTime() + 3_601_000);
  expect(await refused(app.rest.repos.get(models))).toBe(401);
  await later.stop();

  const revoked = await double.asInstallation(["models"], { contents: "read" });
  expect(await double.control("POST", "tokens/revoke")).toEqual({ revoked: 1 });
  expect(await refused(revoked.rest.repos.get(models))).toBe(401);
});

test("people: a reader comments but does not merge or push, a stranger sees nothing, a role can be taken away", async () => {
  expect((await double.as("bob").rest.issues.create({ ...models, title: "A question" })).status).toBe(201);
  expect(await refused(double.as("bob").rest.git.deleteRef({ ...models, ref: "heads/main" }))).toBe(403);
  expect(await refused(double.as("eve").rest.repos.get(models))).toBe(404);
  await double.control("PUT", "repositories/acme/models/permissions", { bob: "none" });
  expect(await refused(double.as("bob").rest.issues.create({ ...models, title: "Another" }))).toBe(404);
});

test("asked again with its ETag, an unchanged answer is 304, a changed one 200", async () => {
  const authorization = `Bearer ${double.tokens.ada}`;
  const first = await get("/repos/acme/models/issues/comments", { authorization });
  const etag = first.headers.get("etag") ?? "";
  expect((await get("/repos/acme/models/issues/comments", { authorization, "if-none-match": etag })).status).toBe(304);
  const ada = double.as("ada");
  const { data: issue } = await ada.rest.issues.create({ ...models, title: "Talk" });
  await ada.rest.issues.createComment({ ...models, issue_number: issue.number, body: "hello" });
  expect((await get("/repos/acme/models/issues/comments", { authorization, "if-none-match": etag })).status).toBe(200);
});

test("lists come in pages, and the client finds the next by the Link header", async () => {
  const ada = double.as("ada");
  const { data: issue } = await ada.rest.issues.create({ ...models, title: "Talk" });
  for (let index = 0; index < 5; index += 1)
    await ada.rest.issues.createComment({ ...models, issue_number: issue.number, body: String(index) });
  const number = { ...models, issue_number: issue.number, per_page: 2 };
  const all = await ada.paginate(ada.rest.issues.listComments, number);
  expect(all.map((comment) => comment.body)).toEqual(["0", "1", "2", "3", "4"]);
});

test("the /api/v3 prefix of an Enterprise server is the same place", async () => {
  const answer = await get("/api/v3/repos/acme/models", { authorization: `token ${double.tokens.ada}` });
  expect(await answer.json()).toMatchObject({ full_name: "acme/models" });
});

test("faults: an error before the work, a 502 after it, a cut line, once or several times", async () => {
  const ada = double.as("ada");
  const { data: issue } = await ada.rest.issues.create({ ...models, title: "Talk" });
  const number = { ...models, issue_number: issue.number };
  const path = "/issues/\\d+/comments$";
  await double.control("POST", "faults", { method: "POST", path, kind: "status", status: 403, headers: { "retry-after": "1" }, times: 2 });
  expect(await refused(ada.rest.issues.createComment({ ...number, body: "refused" }))).toBe(403);
  expect(await refused(ada.rest.issues.createComment({ ...number, body: "refused" }))).toBe(403);
  await double.control("POST", "faults", { method: "POST", path, kind: "apply-then-502" });
  expect(await refused(ada.rest.issues.createComment({ ...number, body: "written, yet 502" }))).toBe(502);
  await double.control("POST", "faults", { method: "POST", path, kind: "apply-then-drop" });
  await expect(ada.rest.issues.createComment({ ...number, body: "written, never heard of" })).rejects.toThrow();
  await double.control("POST", "faults", { method: "POST", path, kind: "drop" });
  await expect(ada.rest.issues.createComment({ ...number, body: "never arrived" })).rejects.toThrow();
  const { data } = await ada.rest.issues.listComments(number);
  expect(data.map((comment) => comment.body)).toEqual(["written, yet 502", "written, never heard of"]);
  expect(await double.control("GET", "faults")).toEqual([]);
  const log = z.array(z.object({ fault: z.string().optional() })).parse(await double.control("GET", "requests"));
  expect(log.flatMap((entry) => entry.fault ?? [])).toEqual(["status", "status", "apply-then-502", "apply-then-drop", "drop"]);
});

test("faults: a held call gets no answer and is not made later, one that is held afterwards is made; both are seen to be held", async () => {
  const ada = double.as("ada");
  const { data: issue } = await ada.rest.issues.create({ ...models, title: "Talk" });
  const number = { ...models, issue_number: issue.number };
  const requests = async () =>
    z.array(z.object({ fault: z.string().optional(), held: z.boolean().optional() })).parse(await double.control("GET", "requests"));
  for (const [kind, body] of [
    ["hold", "never made"],
    ["apply-then-hold", "made, never heard of"],
  ]) {
    await double.control("POST", "faults", { method: "POST", path: "/comments$", kind });
    const gone = new AbortController();
    const call = ada.rest.issues.createComment({ ...number, body: body ?? "", request: { signal: gone.signal } });
    const ended = expect(call).rejects.toThrow();
    await expect.poll(requests).toContainEqual({ fault: kind, held: true });
    gone.abort();
    await ended;
  }
  const { data } = await ada.rest.issues.listComments(number);
  expect(data.map((comment) => comment.body)).toEqual(["made, never heard of"]);
});

test("merging: a conflict is 405, and so are a missing check and a missing approval where the branch asks for them", async () => {
  await double.control("POST", "repositories", {
    owner: "acme",
    name: "guarded",
    from: `${double.folder}/files`,
    permissions: { ada: "admin", bob: "read" },
    protection: [{ branch: "main", requiredChecks: [{ name: "slipway", app: double.app.id }], requiredApprovals: 1 }],
  });
  const guarded = { owner: "acme", repo: "guarded" };
  const clone = await double.clone("acme/guarded", double.tokens.ada ?? "");
  const head = await double.push(clone, "one", { "README.md": "one\n" });
  await double.git("-C", clone, "checkout", "--quiet", "-b", "two", "origin/main");
  await double.push(clone, "two", { "README.md": "two\n" });
  const ada = double.as("ada");
  for (const branch of ["one", "two"]) await ada.rest.pulls.create({ ...guarded, title: branch, head: branch, base: "main" });
  const merge = (pull_number: number): Promise<unknown> => ada.rest.pulls.merge({ ...guarded, pull_number, merge_method: "squash" });
  expect(await refused(merge(1))).toBe(405);
  const app = await double.asInstallation(["guarded"], { checks: "write" });
  const check = (conclusion: "failure" | "neutral"): Promise<unknown> =>
    app.rest.checks.create({ ...guarded, name: "slipway", head_sha: head, conclusion });
  await check("failure");
  expect(await refused(merge(1))).toBe(405);
  await check("neutral"); // which GitHub takes for passed
  const review = (login: string): Promise<unknown> =>
    double.as(login).rest.pulls.createReview({ ...guarded, pull_number: 1, event: "APPROVE" });
  await review("bob");
  expect(await refused(merge(1))).toBe(405); // a reader's approval does not count
  await double.control("PUT", "repositories/acme/guarded/permissions", { bob: "write" });
  expect(await refused(merge(1))).toBe(0);
  expect((await ada.rest.pulls.get({ ...guarded, pull_number: 2 })).data).toMatchObject({ mergeable: false, mergeable_state: "dirty" });
  expect(await refused(merge(2))).toBe(405);
});

test("what the double does not serve, and what a caller gets wrong, is remembered as a violation", async () => {
  const authorization = `Bearer ${double.tokens.ada}`;
  expect((await get("/repos/acme/models/releases", { authorization })).status).toBe(404);
  const wrong = await fetch(`${double.url}/repos/acme/models/issues`, {
    method: "POST",
    headers: { authorization },
    body: JSON.stringify({ body: 1 }),
  });
  expect(wrong.status).toBe(422);
  expect(await double.control("GET", "violations")).toMatchObject([
    { about: "unserved", operation: "GET /repos/acme/models/releases" },
    { about: "request", operation: "issues/create" },
  ]);
});

test("an answer that breaks GitHub's description is a 500, and is remembered", async () => {
  const bob = double.world.accounts.get("bob");
  if (bob !== undefined) double.world.accounts.set("bob", { ...bob, id: Number.NaN });
  const answer = await get("/users/bob", { authorization: `Bearer ${double.tokens.ada}` });
  expect(answer.status).toBe(500);
  expect(double.world.contract.violations).toMatchObject([{ about: "response", operation: "users/get-by-username", status: 200 }]);
});
