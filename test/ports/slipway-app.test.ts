import { createServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { httpSlipwayApp } from "#adapters/slipway-app/http-slipway-app.ts";
import { modelNameSchema } from "#domain/model/names.ts";
import { type LiveAnswer, liveAnswerSchema } from "#domain/report/live-answer.ts";
import type { IdentityToken } from "#ports/runner.ts";
import type { SlipwayApp } from "#ports/slipway-app.ts";
import { fakeSlipwayApp } from "#test/support/fakes/slipway-app.ts";

const ranker = modelNameSchema.parse("search-ranker");
const answer = liveAnswerSchema.parse({
  schema: "slipway/live/v1",
  commit: "e".repeat(40),
  models: { "search-ranker": { environment: "production", version: "1", digest: `sha256:${"a".repeat(64)}` } },
  floors: { all: [{ metric: "mrr", atLeast: 0.3 }], firstVersion: [] },
});
const token: IdentityToken = { kind: "token", token: "job-token" };

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

type Reply = { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> };

async function served(replyTo: (path: string) => Reply, identity: IdentityToken = token): Promise<SlipwayApp> {
  const server = createServer((request, response) => {
    const authorized = request.headers.authorization === "Bearer job-token";
    const { status, body = "", headers = {} } = authorized ? replyTo(request.url ?? "") : { status: 401 };
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  cleanUps.push(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return httpSlipwayApp({ url: new URL(`http://127.0.0.1:${address.port}/slipway`), token: async () => identity });
}

const overHttp = (given: LiveAnswer | undefined) =>
  served((path) => {
    if (given === undefined) return { status: 503 };
    if (path === "/slipway/api/slipway/v1/runs") return { status: 202, body: "{}" };
    return path === "/slipway/api/slipway/v1/live?model=search-ranker" ? { status: 200, body: JSON.stringify(given) } : { status: 404 };
  });

describe.each([
  ["in memory", async (given: LiveAnswer | undefined): Promise<SlipwayApp> => fakeSlipwayApp(given)],
  ["over HTTP", overHttp],
])("the App, %s", (_, open) => {
  it("says what is live, and takes the hint", async () => {
    const app = await open(answer);
    expect(await app.live(ranker)).toEqual({ kind: "answer", answer });
    expect(await app.announce(42, 2)).toEqual({ kind: "announced" });
  });

  it("answers that it does not answer, and throws nothing", async () => {
    const app = await open(undefined);
    expect(await app.live(ranker)).toEqual({ kind: "unanswered", reason: "it answered 503" });
    expect(await app.announce(42, 2)).toEqual({ kind: "unanswered", reason: "it answered 503" });
  });
});

describe("the App over HTTP", () => {
  it("is not asked without a token", async () => {
    const app = await served(() => ({ status: 200, body: JSON.stringify(answer) }), { kind: "none", reason: "no permission" });
    expect(await app.live(ranker)).toEqual({ kind: "unanswered", reason: "no permission" });
  });

  it("is not followed elsewhere, since the token would go along", async () => {
    const app = await served((path) =>
      path.includes("live") ? { status: 302, headers: { location: "/elsewhere" } } : { status: 200, body: JSON.stringify(answer) },
    );
    expect(await app.live(ranker)).toEqual({ kind: "unanswered", reason: "it could not be reached" });
  });

  it.each([
    ["no JSON", "<html>"],
    ["another schema", JSON.stringify({ ...answer, schema: "slipway/live/v2" })],
    ["too long an answer", JSON.stringify({ ...answer, more: "x".repeat(2 * 1024 * 1024) })],
  ])("is not believed when it gives %s", async (_, body) => {
    const app = await served(() => ({ status: 200, body }));
    expect((await app.live(ranker)).kind).toBe("unanswered");
  });
});
