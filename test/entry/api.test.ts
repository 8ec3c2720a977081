import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ActionApi, answerApi, apiPath } from "#entry/api.ts";

let server: Server;
let base = "";
let hints: object[] = [];
let failure: unknown;

const api: ActionApi = {
  callerOf: async (token) => (token === "good" ? { repositoryId: 1 } : token === "stranger" ? { repositoryId: 2 } : undefined),
  live: async ({ repositoryId }, models) => (repositoryId === 1 ? { asked: models } : undefined),
  runFinished: (caller, run) => void hints.push({ ...caller, ...run }),
};

beforeEach(async () => {
  hints = [];
  failure = undefined;
  server = createServer((request, response) => {
    answerApi(api, request, response).catch((error: unknown) => {
      failure = error;
      response.writeHead(503).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}${apiPath}`;
});
afterEach(() => new Promise<void>((done) => void server.close(() => done())));

async function ask(path: string, init: RequestInit & { readonly token?: string } = {}) {
  const { token = "good", ...rest } = init;
  const response = await fetch(`${base}${path}`, { ...rest, headers: token === "" ? {} : { authorization: `Bearer ${token}` } });
  expect(failure).toBeUndefined();
  return { status: response.status, body: await response.json(), caching: response.headers.get("cache-control") };
}

const post = (body: string, token = "good") => ask("runs", { method: "POST", body, token });

describe("a call of the Action", () => {
  test("is told what is live of the models that it names", async () => {
    expect(await ask("live?model=a&model=b")).toEqual({ status: 200, body: { asked: ["a", "b"] }, caching: "no-store" });
    expect(await ask("live")).toMatchObject({ status: 200, body: { asked: [] } });
  });

  test("from a repository that this App does not serve is told so", async () => {
    expect(await ask("live?model=a", { token: "stranger" })).toMatchObject({ status: 404 });
  });

  test("that says a run has finished is taken as a hint", async () => {
    expect(await post('{"run": 5, "attempt": 2}')).toMatchObject({ status: 202, body: {} });
    expect(hints).toEqual([{ repositoryId: 1, run: 5, attempt: 2 }]);
  });

  test.each([
    "",
    "{",
    "[]",
    "null",
    '{"run": 5}',
    '{"run": "5", "attempt": 1}',
    '{"run": 0, "attempt": 1}',
    '{"run": 1.5, "attempt": 1}',
    '{"run": 1, "attempt": 1, "x": 1}',
  ])("with the body %j is refused", async (body) => {
    expect(await post(body)).toMatchObject({ status: 422 });
    expect(hints).toEqual([]);
  });

  test("with a body that does not end soon is refused", async () => {
    expect(await post(`{"run": 5, "attempt": 2, "x": "${" ".repeat(5000)}"}`)).toMatchObject({ status: 422 });
  });

  test.each(["", "bad"])("without a token that holds (%j) gets no answer, and hints nothing", async (token) => {
    expect(await ask("live?model=a", { token })).toMatchObject({ status: 401, body: { message: expect.stringContaining("slipway:app") } });
    expect(await post('{"run": 5, "attempt": 2}', token)).toMatchObject({ status: 401 });
    expect(hints).toEqual([]);
  });

  test.each([
    ["POST", "live"],
    ["GET", "runs"],
    ["GET", "secrets"],
    ["GET", ""],
    ["DELETE", "live"],
  ])("to %s %s finds nothing", async (method, path) => {
    expect(await ask(path, { method })).toMatchObject({ status: 404 });
  });
});
