import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DownloadSettings, downloads } from "#adapters/downloads/downloads.ts";
import { signedHeaders } from "#adapters/downloads/sign-s3.ts";
import type { LocatedRemote } from "#ports/remote-sources.ts";
import { type HttpDouble, httpDouble } from "#test/support/http-double.ts";

let folder: string;
let server: HttpDouble | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "downloads-"));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function settings(answer: Answer, over: Partial<DownloadSettings> = {}): Promise<DownloadSettings> {
  server = await httpDouble((request, _, response) => answer(request, response));
  return {
    folder,
    limits: { mostBytes: 1_000_000, attempts: 3, pause: 1 },
    s3: { keys: null, region: "us-east-1", endpoint: server.url },
    gs: { url: server.url, credentials: null },
    plainHttp: true,
    now: () => 0,
    ...over,
  };
}

const http = (): string => (server?.url ?? "").replace(/^http:/, "https:");
const whole: Answer = (_, response) => response.writeHead(200, { "content-length": content.length }).end(content);

function partsLeft(): readonly string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.includes("."));
}

async function refusalOf(located: Promise<LocatedRemote>): Promise<{ code: string; reason: string }> {
  const found = await located;
  if (found.kind !== "refused") throw new Error(`It was ${found.kind}.`);
  expect(partsLeft()).toEqual([]);
  return found;
}

describe("data that lies elsewhere", () => {
  test("is copied whole, with its digest and its name's end, and once however often it is asked for", async () => {
    let asked = 0;
    const given = await settings((request, response) => {
      asked += 1;
      whole(request, response);
    });
    const { https } = downloads(given);
    const uri = `${http()}/models/predictions.parquet`;
    const found = await https.locate(uri);
    expect(found).toMatchObject({ kind: "found", digest, file: { name: uri } });
    expect(await https.locate(uri)).toBe(found);
    expect(asked).toBe(1);
    if (found.kind === "found") {
      expect(readFileSync(found.file.path).equals(content)).toBe(true);
      expect(found.file.path.endsWith("predictions.parquet")).toBe(true);
    }
  });

  test("goes on where a connection broke, by the range that is missing", async () => {
    const ranges: (string | undefined)[] = [];
    const given = await settings((request, response) => {
      ranges.push(request.headers.range);
      if (request.headers.range === undefined) {
        response.writeHead(200, { "content-length": content.length, etag: '"1"' });
        // What was sent and not read yet is lost with the connection: the reader gets the time to read it, or another try.
        response.write(content.subarray(0, 70_000), () => setTimeout(() => response.destroy(), 50));
      } else {
        const from = Number(/\d+/.exec(request.headers.range)?.[0]);
        response.writeHead(206, { "content-length": content.length - from, etag: '"1"' }).end(content.subarray(from));
      }
    });
    const patient = { ...given, limits: { ...given.limits, attempts: 6 } };
    expect(await downloads(patient).https.locate(`${http()}/p.csv`)).toMatchObject({ kind: "found", digest });
    expect(ranges[0]).toBeUndefined();
    expect(ranges.at(-1)).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test("that always breaks off is refused, and nothing half-written stays", async () => {
    const given = await settings((_, response) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 70_000), () => response.destroy());
    });
    const { code, reason } = await refusalOf(downloads(given).https.locate(`${http()}/p.csv`));
    expect(code).toBe("download-truncated");
    expect(reason).toContain(`of ${content.length} bytes, 3 times`);
  });

  test("is not there at 404", async () => {
    const given = await settings((_, response) => response.writeHead(404).end("no"));
    expect(await downloads(given).https.locate(`${http()}/p.csv`)).toEqual({ kind: "missing" });
  });

  test.each([
    ["a missing bucket", 404, "<Error><Code>NoSuchBucket</Code></Error>", "bucket-missing", "there is no such bucket"],
    [
      "wrong credentials",
      403,
      "<Error><Code>InvalidAccessKeyId</Code><AWSAccessKeyId>AKIDSECRET</AWSAccessKeyId></Error>",
      "credentials-refused",
      "does not accept the credentials",
    ],
    [
      "a signature that does not match",
      403,
      "<Error><Code>SignatureDoesNotMatch</Code></Error>",
      "credentials-refused",
      "does not accept the credentials",
    ],
    ["credentials that may not read", 403, "<Error><Code>AccessDenied</Code></Error>", "access-denied", "read access"],
    ["a plain 403", 403, "no", "access-denied", "read access"],
    ["a redirect to another host", 302, "", "source-redirected", "follows no redirect to another host"],
    ["a mistake of the server", 400, "<Error><Code>InvalidRequest</Code></Error>", "source-failed", "answered 400 InvalidRequest"],
    ["a server that keeps failing", 503, "", "source-unreachable", "answered 503"],
  ])("%s has one message", async (_, status, body, code, words) => {
    const given = await settings((__, response) =>
      response.writeHead(status, status === 302 ? { location: "http://169.254.169.254/" } : {}).end(body),
    );
    for (const locate of [downloads(given).s3.locate, downloads(given).gs.locate]) {
      const refused = await refusalOf(locate("s3://acme/p.csv"));
      expect(refused.code).toBe(code);
      expect(refused.reason).toContain(words);
      expect(refused.reason).not.toContain("AKIDSECRET");
    }
  });

  test("a key with signs that a signature spells otherwise is asked for as it is signed", async () => {
    const asked: (string | undefined)[] = [];
    const given = await settings((request, response) => {
      asked.push(request.url);
      whole(request, response);
    });
    const { s3 } = downloads({ ...given, s3: { ...given.s3, keys: { id: "AKID", secret: "s", session: undefined } } });
    expect(await s3.locate("s3://acme/day=1/a+b(1).csv")).toMatchObject({ kind: "found", digest });
    expect(asked).toEqual(["/acme/day%3D1/a%2Bb%281%29.csv"]);
  });

  test("a credential that no header can hold is not said", async () => {
    const given = await settings(whole);
    const { s3 } = downloads({ ...given, s3: { ...given.s3, keys: { id: "AKID", secret: "s", session: "hid\nden" } } });
    const { code, reason } = await refusalOf(s3.locate("s3://acme/p.csv"));
    expect(code).toBe("credentials-refused");
    expect(reason).not.toMatch(/hid|den"/);
  });

  test("a redirect on the same host is followed", async () => {
    const given = await settings((request, response) =>
      request.url === "/old.csv" ? response.writeHead(302, { location: "/new.csv" }).end() : whole(request, response),
    );
    expect(await downloads(given).https.locate(`${http()}/old.csv`)).toMatchObject({ kind: "found", digest });
  });

  test("where nothing answers, the network is named", async () => {
    const given = await settings(whole);
    const uri = `${http()}/p.csv`;
    await server?.close();
    server = undefined;
    expect(await refusalOf(downloads(given).https.locate(uri))).toMatchObject({ code: "source-unreachable" });
  });

  test("more than the limit is refused: by the length that is announced, and by what comes without one", async () => {
    const small = { limits: { mostBytes: 1000, attempts: 3, pause: 1 } };
    const announced = await settings(whole, small);
    expect(await refusalOf(downloads(announced).https.locate(`${http()}/p.csv`))).toMatchObject({ code: "file-too-large" });
    await server?.close();
    const silent = await settings((_, response) => response.writeHead(200).end(content), small);
    expect((await refusalOf(downloads(silent).https.locate(`${http()}/p.csv`))).reason).toContain("more than the 1000 that are copied");
  });

  test("Google Cloud is asked with a token, and without credentials says what to do", async () => {
    let authorization: string | undefined;
    const answer: Answer = (request, response) => {
      authorization = request.headers.authorization;
      whole(request, response);
    };
    const project = async (): Promise<null> => null;
    const given = await settings(answer);
    const signed = {
      ...given,
      gs: { ...given.gs, credentials: { project, token: async () => ({ kind: "token", token: "t1" }) as const } },
    };
    expect(await downloads(signed).gs.locate("gs://acme/p.csv")).toMatchObject({ kind: "found" });
    expect(authorization).toBe("Bearer t1");
    rmSync(folder, { recursive: true });
    const without = {
      ...given,
      gs: { ...given.gs, credentials: { project, token: async () => ({ kind: "none", reason: "Log in." }) as const } },
    };
    expect(await downloads(without).gs.locate("gs://acme/p.csv")).toEqual({
      kind: "refused",
      code: "credentials-missing",
      reason: "Log in.",
    });
  });
});

test.each([
  ["?max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"],
  ["?lifecycle=", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"],
])("S3 is asked as in AWS's documentation of Signature Version 4: %s", (query, signature) => {
  const keys = { id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", session: undefined };
  const headers = signedHeaders(new URL(`https://examplebucket.s3.amazonaws.com/${query}`), keys, "us-east-1", Date.UTC(2013, 4, 24));
  expect(headers["authorization"]).toBe(
    `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=${signature}`,
  );
});
