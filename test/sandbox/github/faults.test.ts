import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DoubleUnderTest, doubleUnderTest, refused } from "./double-under-test.ts";

let double: DoubleUnderTest;
let receiver: Server;
let received: { readonly event: string; readonly guid: string; readonly body: string }[];

beforeEach(async () => {
  received = [];
  receiver = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    received.push({ event: String(request.headers["x-github-event"]), guid: String(request.headers["x-github-delivery"]), body });
    response.writeHead(202).end();
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = receiver.address();
  double = await doubleUnderTest({ webhookUrl: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/hook` });
});
afterEach(async () => {
  await double.stop();
  receiver.close();
});

const models = { owner: "acme", repo: "models" };
const fault = (wanted: object): Promise<unknown> => double.control("POST", "faults", wanted);
const issue = (title: string): Promise<unknown> => double.as("ada").rest.issues.create({ ...models, title });
const titles = (): string[] => received.map(({ body }) => String(JSON.parse(body).issue.title));

test("held webhooks arrive when they are released, in the order asked for, and are delivered again under the same GUID", async () => {
  await double.control("POST", "webhooks", { hold: true });
  for (const title of ["first", "second", "third"]) await issue(title);
  await double.world.webhooks.idle();
  expect(received).toEqual([]);
  expect(await double.control("POST", "webhooks/release", { order: "reversed" })).toEqual({ released: 3 });
  expect(titles()).toEqual(["third", "second", "first"]);
  await double.control("POST", `redeliver/${double.world.webhooks.deliveries[0]?.id}`);
  await double.world.webhooks.idle();
  expect(titles()).toEqual(["third", "second", "first", "first"]);
  expect(received[3]?.guid).toBe(received[2]?.guid);
});

test("a delayed webhook arrives after what was done meanwhile", async () => {
  await double.control("POST", "webhooks", { delay: 200 });
  await issue("late");
  expect(received).toEqual([]);
  await double.world.webhooks.idle();
  expect(titles()).toEqual(["late"]);
});

test("a barrier keeps a call before its work or after it, until it is opened", async () => {
  const { data } = await double.as("ada").rest.issues.create({ ...models, title: "Talk" });
  const number = { ...models, issue_number: data.number };
  const say = (body: string): Promise<unknown> => double.as("ada").rest.issues.createComment({ ...number, body });
  const said = async (): Promise<unknown[]> => (await double.as("bob").rest.issues.listComments(number)).data.map(({ body }) => body);
  await fault({ method: "POST", path: "/comments$", kind: "barrier", name: "before" });
  await fault({ method: "POST", path: "/comments$", kind: "apply-then-barrier", name: "after" });
  const [first, second] = [say("first"), say("second")];
  await expect.poll(() => double.control("GET", "barriers")).toEqual({ before: 1, after: 1 });
  expect(await said()).toHaveLength(1);
  expect(await double.control("POST", "barriers/before/open")).toEqual({ opened: 1 });
  expect(await double.control("POST", "barriers/after/open")).toEqual({ opened: 1 });
  await Promise.all([first, second]);
  expect(await said()).toHaveLength(2);
});

test("a head moves after so many reads of it, and whoever reads it then sees the new one", async () => {
  const clone = await double.clone("acme/models", double.tokens["ada"] ?? "");
  const head = await double.push(clone, "change", { "README.md": "changed\n" });
  await double.as("ada").rest.pulls.create({ ...models, title: "Change", head: "change", base: "main" });
  await fault({ method: "GET", path: "/pulls/1$", kind: "race", after: 2, repository: "acme/models", branch: "change" });
  const read = async (): Promise<string> => (await double.as("bob").rest.pulls.get({ ...models, pull_number: 1 })).data.head.sha;
  expect([await read(), await read()]).toEqual([head, head]);
  expect(await read()).not.toBe(head);
  await double.world.webhooks.idle();
  expect(received.map(({ event }) => event)).toContain("push");
});

test("limits are said with GitHub's words and headers, and what they refuse is not done", async () => {
  const attempt = async (): Promise<Record<string, unknown>> => {
    const failed: unknown = await issue("No").catch((error: unknown) => error);
    return failed instanceof Error && "response" in failed ? JSON.parse(JSON.stringify(failed.response)) : {};
  };
  await fault({ method: "POST", kind: "secondary-limit", seconds: 7 });
  expect(await attempt()).toMatchObject({
    status: 403,
    headers: { "retry-after": "7" },
    data: { message: expect.stringContaining("secondary rate limit") },
  });
  await fault({ method: "POST", kind: "primary-limit", seconds: 30 });
  const before = Math.floor(Date.now() / 1000);
  const limited = await attempt();
  expect(limited).toMatchObject({ status: 403, headers: { "x-ratelimit-remaining": "0" } });
  expect(Number(JSON.parse(JSON.stringify(limited["headers"]))["x-ratelimit-reset"]) - before).toBeGreaterThanOrEqual(30);
  expect((await double.as("ada").rest.issues.listForRepo(models)).data).toEqual([]);
});

test("a permission that an owner withdraws is gone from tokens that are out, is not minted anew, and is refused as 403 or 404", async () => {
  const app = await double.asInstallation(["models"], { checks: "write", contents: "read" });
  const list = (): Promise<unknown> => app.rest.checks.listForRef({ ...models, ref: "main" });
  expect(await refused(list())).toBe(0);
  for (const refusal of [403, 404]) {
    await double.control("PUT", "grants", { account: "acme", permissions: { checks: "none" }, refusal });
    expect(await refused(list())).toBe(refusal);
    expect(await refused(double.asInstallation(["models"], { checks: "write" }))).toBe(422);
  }
  expect(await refused(app.rest.repos.getContent({ ...models, path: "README.md" }))).toBe(0);
  await double.control("PUT", "grants", { account: "acme", permissions: { checks: "write" } });
  expect(
    await refused((await double.asInstallation(["models"], { checks: "write" })).rest.checks.listForRef({ ...models, ref: "main" })),
  ).toBe(0);
});
