import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DoubleUnderTest, doubleUnderTest } from "./double-under-test.ts";

interface Received {
  readonly event: string;
  readonly delivery: string;
  readonly signature: string;
  readonly body: string;
}

let double: DoubleUnderTest;
let receiver: Server;
let received: Received[];

beforeEach(async () => {
  received = [];
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const header = (name: string): string => request.headers[name]?.toString() ?? "";
    received.push({
      event: header("x-github-event"),
      delivery: header("x-github-delivery"),
      signature: header("x-hub-signature-256"),
      body: Buffer.concat(chunks).toString(),
    });
    response.writeHead(202).end();
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  double = await doubleUnderTest({ webhookUrl: target() });
});
afterEach(async () => {
  await double.stop();
  receiver.close();
});

const target = (): string => {
  const address = receiver.address();
  return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}/hook` : "";
};
const models = { owner: "acme", repo: "models" };
const names = (): string[] => received.map(({ event, body }) => `${event} ${JSON.parse(body).action ?? ""}`.trim()).toSorted();

test("a push to a pull request's branch tells of the push and of the new head, signed with the App's secret", async () => {
  const clone = await double.clone("acme/models", double.tokens.ada ?? "");
  const first = await double.push(clone, "better", { "a.txt": "1" });
  await double.as("ada").rest.pulls.create({ ...models, title: "Better", head: "better", base: "main" });
  await double.world.webhooks.idle();
  received.length = 0;
  const second = await double.push(clone, "better", { "a.txt": "2" });
  await double.world.webhooks.idle();

  expect(names()).toEqual(["pull_request synchronize", "push"]);
  const synchronize = received.find(({ event }) => event === "pull_request");
  expect(JSON.parse(synchronize?.body ?? "")).toMatchObject({
    before: first,
    after: second,
    installation: { id: 1 },
    sender: { login: "ada" },
    pull_request: { head: { sha: second } },
  });
  expect(JSON.parse(received.find(({ event }) => event === "push")?.body ?? "")).toMatchObject({
    ref: "refs/heads/better",
    before: first,
    after: second,
    commits: [{ id: second, added: [], modified: ["a.txt"] }],
  });
  for (const { body, signature, delivery } of received) {
    expect(signature).toBe(`sha256=${createHmac("sha256", double.app.webhookSecret).update(body).digest("hex")}`);
    expect(delivery).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-/);
  }
  expect(double.world.contract.violations).toEqual([]);
});

test("a delivery to a dead App is lost, and a person can have it delivered again under the same GUID", async () => {
  await double.control("POST", "webhooks", { url: "http://127.0.0.1:1/hook" });
  await double.as("ada").rest.issues.create({ ...models, title: "Nobody hears this" });
  await double.world.webhooks.idle();
  const [lost] = double.world.webhooks.deliveries;
  expect(lost).toMatchObject({ event: "issues", action: "opened", statusCode: 502 });
  await double.control("POST", "webhooks", { url: target() });
  await double.control("POST", `redeliver/${lost?.id}`);
  await double.world.webhooks.idle();
  expect(received).toMatchObject([{ event: "issues", delivery: lost?.guid }]);
  expect(await double.control("GET", "deliveries")).toMatchObject([
    { statusCode: 502 },
    { statusCode: 202, redelivery: true, guid: lost?.guid },
  ]);
});

test("with duplicates on, everything arrives twice under one GUID", async () => {
  await double.control("POST", "webhooks", { duplicate: true });
  await double.as("ada").rest.issues.create({ ...models, title: "Twice" });
  await double.world.webhooks.idle();
  expect(names()).toEqual(["issues opened", "issues opened"]);
  expect(new Set(received.map(({ delivery }) => delivery)).size).toBe(1);
});

test("a deleted head branch closes its pull request, a base that comes to hold the head marks it merged", async () => {
  const clone = await double.clone("acme/models", double.tokens.ada ?? "");
  for (const branch of ["dropped", "landed"]) {
    await double.git("-C", clone, "checkout", "--quiet", "-B", branch, "origin/main");
    await double.push(clone, branch, { [`${branch}.txt`]: "x" });
    await double.as("ada").rest.pulls.create({ ...models, title: branch, head: branch, base: "main" });
  }
  await double.git("-C", clone, "push", "--quiet", "origin", ":dropped", "landed:main");
  await double.world.webhooks.idle();
  const get = async (pull_number: number): Promise<unknown> => (await double.as("ada").rest.pulls.get({ ...models, pull_number })).data;
  expect(await get(1)).toMatchObject({ state: "closed", merged: false });
  expect(await get(2)).toMatchObject({ state: "closed", merged: true, merged_by: { login: "ada" } });
  expect(names().filter((name) => name === "pull_request closed")).toHaveLength(2);
});

test("events that the App has not subscribed to, and owners where it is not installed, stay silent", async () => {
  await double.control("POST", "organizations", { login: "other", members: ["ada"], installed: false });
  await double.control("POST", "repositories", { owner: "other", name: "quiet", permissions: { ada: "write" } });
  await double.as("ada").rest.issues.create({ owner: "other", repo: "quiet", title: "Nobody is told" });
  await double.world.webhooks.idle();
  expect(received).toEqual([]);
});
