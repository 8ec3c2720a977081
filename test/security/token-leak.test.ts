import { generateKeyPairSync } from "node:crypto";
import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { githubApp } from "#adapters/github/github-app.ts";
import { readSettings } from "#entry/settings.ts";

const api = "https://api.leak.test";
const token = "ghs_0123456789abcdefTOKEN";
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => nock.enableNetConnect());

/** Everything that a log could make of an error: message, stack, fields, causes. */
function everythingIn(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 5) return JSON.stringify(error) ?? "";
  return [JSON.stringify(error, Object.getOwnPropertyNames(error)), String(error), error.stack, everythingIn(error.cause, depth + 1)].join(
    "\n",
  );
}

describe("a token never comes out of a failed call:", () => {
  test.each([
    ["a host that echoes the request", 400, { message: `bad header authorization: token ${token}` }],
    ["an error page with the token in it", 500, { message: `trace: ${token}`, errors: [{ message: token }] }],
    ["a refusal", 403, { message: "Resource not accessible by integration" }],
    ["an answer of another shape", 200, { token }],
  ])("%s", async (_, status, body) => {
    nock(api).get("/repos/acme/models/installation").reply(200, { id: 1 });
    nock(api).post("/app/installations/1/access_tokens").reply(201, { token, expires_at: "2126-01-01T00:00:00Z" });
    nock(api).get("/repos/acme/models").times(5).reply(status, body);
    const logged: string[] = [];
    const log = {
      info: (...all: unknown[]) => void logged.push(JSON.stringify(all)),
      warn: (...all: unknown[]) => void logged.push(JSON.stringify(all)),
    };
    const client = await githubApp({ baseUrl: api, appId: 1, privateKey: key, log }).client("acme/models", { contents: "read" });
    const error: unknown = await client
      .get("GET /repos/{owner}/{repo}", {}, z.object({ full_name: z.string() }))
      .catch((failed: unknown) => failed);
    expect(error).toBeInstanceOf(Error);
    const said = [everythingIn(error), ...logged].join("\n");
    expect(said).not.toContain(token);
    expect(said).not.toContain("PRIVATE KEY");
  });
});

test("settings that are wrong are named, never shown", () => {
  const secrets = { SLIPWAY_WEBHOOK_SECRET: "hunter2hunter2", SLIPWAY_PRIVATE_KEY_FILE: "/nowhere/hunter3.pem", SLIPWAY_APP_ID: "hunter4" };
  expect(() => readSettings(secrets)).toThrow(/SLIPWAY_APP_ID/);
  expect(() => readSettings(secrets)).not.toThrow(/hunter[24]/);
});
