import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DoubleUnderTest, doubleUnderTest } from "./double-under-test.ts";

let double: DoubleUnderTest;
let writer: string;

const url = (token: string | undefined, repository: string): string =>
  `${double.url.replace("//", token === undefined ? "//" : `//x-access-token:${token}@`)}/${repository}.git`;
const tip = async (repository: string, ref: string): Promise<string> =>
  (await double.git("ls-remote", url(writer, repository), ref)).out.slice(0, 40);
const error = async (...args: string[]): Promise<string> => (await double.git(...args)).err;

beforeAll(async () => {
  double = await doubleUnderTest();
  writer = await double.installationToken(["models", "environments"], { contents: "write" });
});
afterAll(() => double.stop());

test("tokens: none and unknown are 401, a foreign repository is 404, a push without contents:write is 403", async () => {
  expect(await error("ls-remote", url(undefined, "acme/models"))).toMatch(/could not read Username/);
  expect(await error("ls-remote", url("ghs_unknown", "acme/models"))).toMatch(/Authentication failed/);
  const narrow = await double.installationToken(["models"], { contents: "read" });
  expect(await error("ls-remote", url(narrow, "acme/environments"))).toMatch(/not found/);
  expect(await error("ls-remote", url(double.tokens.eve, "acme/models"))).toMatch(/not found/);
  expect(await error("ls-remote", url(await double.installationToken(["models"], { issues: "write" }), "acme/models"))).toMatch(/403/);
  for (const token of [narrow, double.tokens.bob ?? ""]) {
    const clone = await double.clone("acme/models", token);
    await expect(double.push(clone, "by-a-reader", { "a.txt": "a" })).rejects.toThrow(/403/);
  }
});

test("a protected branch takes pushes only from a login that may bypass, and never force or deletion", async () => {
  const clone = await double.clone("acme/environments", double.tokens.ada ?? "");
  const old = await tip("acme/environments", "refs/heads/main");
  await expect(double.push(clone, "main", { "a.txt": "by hand" })).rejects.toThrow(
    /GH006[\s\S]*! \[remote rejected\] .*pre-receive hook declined/,
  );
  expect(await error("-C", clone, "push", "origin", ":main")).toMatch(/Cannot delete/);
  await double.git("-C", clone, "commit", "--quiet", "--amend", "--message", "rewritten");
  await double.git("-C", clone, "checkout", "--quiet", "--orphan", "other");
  await double.git("-C", clone, "commit", "--quiet", "--message", "unrelated");
  expect(await error("-C", clone, "push", "--force", "origin", "other:main")).toMatch(/Cannot force-push/);
  expect(await tip("acme/environments", "refs/heads/main")).toBe(old);
  const app = await double.clone("acme/environments", writer);
  const pushed = await double.push(app, "main", { "b.txt": "by the App" });
  expect(await tip("acme/environments", "refs/heads/main")).toBe(pushed);
});

test("refs outside refs/heads are taken, listed and fetched; refs/pull is GitHub's own", async () => {
  const clone = await double.clone("acme/environments", writer);
  const commit = await double.push(clone, "elsewhere", { "evidence.json": "{}" });
  const ref = "refs/slipway/evidence/1/7";
  expect((await double.git("-C", clone, "push", "origin", `${commit}:${ref}`)).code).toBe(0);
  expect(await tip("acme/environments", ref)).toBe(commit);
  const second = await double.clone("acme/environments", writer);
  expect((await double.git("-C", second, "fetch", "--quiet", "origin", `${ref}:${ref}`)).code).toBe(0);
  expect((await double.git("-C", second, "show", `${ref}:evidence.json`)).out).toBe("{}");
  const stale = (await double.git("-C", second, "commit-tree", "-m", "unrelated", `${commit}^{tree}`)).out;
  expect(await error("-C", second, "push", "origin", `${stale}:${ref}`)).toMatch(/! \[rejected\]/);
  expect((await double.git("-C", second, "push", "origin", `:${ref}`)).code).toBe(0);
  expect(await error("-C", clone, "push", "origin", `${commit}:refs/pull/7/head`)).toMatch(/deny updating a hidden ref/);
});

test("a push that lost before it began is [rejected], during the push it is [remote rejected]; neither moves the branch", async () => {
  const [mine, theirs] = [await double.clone("acme/models", writer), await double.clone("acme/models", writer)];
  const winner = await double.push(theirs, "main", { "theirs.txt": "1" });
  await expect(double.push(mine, "main", { "mine.txt": "1" })).rejects.toThrow(/! \[rejected\] .*fetch first/);
  expect(await tip("acme/models", "refs/heads/main")).toBe(winner);
  await double.git("-C", mine, "fetch", "--quiet");
  await double.git("-C", mine, "reset", "--quiet", "--hard", "origin/main");
  await double.control("POST", "faults", { target: "git", on: "push", kind: "race", branch: "main" });
  await expect(double.push(mine, "main", { "mine.txt": "2" })).rejects.toThrow(/! \[remote rejected\] .*failed to update ref/);
  expect(await tip("acme/models", "refs/heads/main")).not.toBe(winner);
});

test("faults: an error once, a delay, a cut while sending applies nothing, a cut before the answer has applied all", async () => {
  const clone = await double.clone("acme/models", writer);
  const old = await tip("acme/models", "refs/heads/faulty");
  const fault = (body: object): Promise<unknown> => double.control("POST", "faults", { target: "git", ...body });
  await fault({ on: "advertise", kind: "status", status: 500 });
  await expect(double.push(clone, "faulty", { "a.txt": "a" })).rejects.toThrow(/returned error: 500/);
  await fault({ on: "push", kind: "cut-request", bytes: 100_000 });
  // Above its post buffer git cannot send again; below it, curl quietly repeats a request whose kept-alive line was cut.
  await double.git("-C", clone, "config", "http.postBuffer", "65536");
  await expect(double.push(clone, "faulty", { "b.txt": randomBytes(300_000).toString("hex") })).rejects.toThrow();
  expect(await tip("acme/models", "refs/heads/faulty")).toBe(old);
  await fault({ on: "push", kind: "cut-response" });
  await expect(double.push(clone, "faulty", { "c.txt": "c" })).rejects.toThrow();
  expect(await tip("acme/models", "refs/heads/faulty")).toBe((await double.git("-C", clone, "rev-parse", "HEAD")).out);
  await fault({ on: "advertise", kind: "delay", milliseconds: 300 });
  const started = Date.now();
  await double.push(clone, "faulty", { "d.txt": "d" });
  expect(Date.now() - started).toBeGreaterThanOrEqual(300);
});

test("a blobless clone fetches what it needs later", async () => {
  const target = `${double.folder}/blobless`;
  expect((await double.git("clone", "--quiet", "--bare", "--filter=blob:none", url(writer, "acme/models"), target)).code).toBe(0);
  expect((await double.git("-C", target, "show", "main:README.md")).out).toBe("hello");
});
