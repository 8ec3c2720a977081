import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { prometheusClient } from "#adapters/prometheus/client.ts";
import { type HttpDouble, httpDouble } from "#test/support/http-double.ts";

let server: HttpDouble | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const empty = { status: "success", data: { resultType: "vector", result: [] } };

test("asks with one form about one moment, below the path of the base URL, with the credentials", async () => {
  const asked: object[] = [];
  const ask = await client((request, body, response) => {
    asked.push({
      method: request.method,
      url: request.url,
      authorization: request.headers.authorization,
      form: Object.fromEntries(new URLSearchParams(body)),
    });
    response.end(
      JSON.stringify({ status: "success", data: { resultType: "vector", result: [{ metric: { le: "1" }, value: [1.5, "3"] }] } }),
    );
  }, "Bearer t0ken");
  expect(await ask("up", 1_795_391_822_299)).toEqual([{ labels: { le: "1" }, samples: [{ at: 1500, value: 3 }] }]);
  expect(asked).toEqual([
    {
      method: "POST",
      url: "/prometheus/api/v1/query",
      authorization: "Bearer t0ken",
      form: { query: "up", time: "1795391822.299", timeout: "10000ms", partial_response: "false" },
    },
  ]);
});

describe("no answer is taken from", () => {
  test.each([
    [
      "a warning, as of a store that could not be reached",
      200,
      { ...empty, warnings: ["store 2 is unavailable"] },
      "may be partial: store 2 is unavailable",
    ],
    [
      "a refusal, whose reason is told",
      422,
      { status: "error", errorType: "execution", error: "too many samples" },
      "answered 422, execution: too many samples",
    ],
    ["wrong credentials", 401, {}, "answered 401: set the token's file"],
    ["a place that is none", 404, {}, "answered 404: the URL is the base, without /api/v1"],
    [
      "a scalar, or anything else",
      200,
      { status: "success", data: { resultType: "scalar", result: [1, "1"] } },
      "another shape: data.resultType",
    ],
    ["a page", 200, undefined, "another shape"],
  ])("%s", async (_, status, body, message) => {
    const ask = await client((_request, _body, response) =>
      response.writeHead(status).end(body === undefined ? "<html>" : JSON.stringify(body)),
    );
    await expect(ask("up", 0)).rejects.toThrow(message);
  });

  test("another place, to which the credentials would go", async () => {
    const ask = await client(
      (_request, _body, response) => response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(),
      "Bearer t0ken",
    );
    await expect(ask("up", 0)).rejects.toThrow("Prometheus did not answer");
  });

  test("more than can be held", async () => {
    const ask = await client((_request, _body, response) => response.end(" ".repeat(16 * 1024 * 1024 + 1)));
    await expect(ask("up", 0)).rejects.toThrow("is larger than 16777216 bytes");
  });

  test("an answer that broke off", async () => {
    const ask = await client((_request, _body, response) => {
      response.writeHead(200, { "content-length": "100" }).write("{");
      setImmediate(() => response.destroy());
    });
    await expect(ask("up", 0)).rejects.toThrow("broke off");
  });
});

test("credentials that no header takes are refused at the start, and not said", () => {
  expect(() => prometheusClient({ url: "http://127.0.0.1:1", authorization: "Bearer one\ntwo" })).toThrow("a file of one line");
  expect(() => prometheusClient({ url: "http://127.0.0.1:1", authorization: "Bearer one\ntwo" })).not.toThrow(/two/);
});

async function client(answer: (request: IncomingMessage, body: string, response: ServerResponse) => void, authorization?: string) {
  server = await httpDouble(answer);
  return prometheusClient({ url: `${server.url}/prometheus/`, ...(authorization !== undefined && { authorization }) });
}
