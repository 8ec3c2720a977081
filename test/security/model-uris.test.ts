import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileLocation } from "#domain/evaluation/file-location.ts";
import { digestSchema } from "#domain/model/names.ts";
import { artifactOf } from "#flows/artifact-of.ts";
import { findFile } from "#flows/find-file.ts";
import { findInput } from "#flows/find-input.ts";
import type { Workspace } from "#ports/workspace.ts";

/** What a pull request writes as an address is never called: not by the runner that holds a token, not by the App inside a network. */
let server: Server;
let calls = 0;
let origin: string;
beforeAll(async () => {
  server = createServer((_, response) => {
    calls += 1;
    response.end("{}");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});
afterAll(() => void server.close());

const untouched: Workspace = {
  locate: () => Promise.reject(new Error("no tree is asked for an address")),
  matching: () => Promise.reject(new Error("no tree is asked for an address")),
  digest: () => Promise.reject(new Error("nothing is read")),
  size: () => Promise.reject(new Error("nothing is read")),
  text: () => Promise.reject(new Error("nothing is read")),
};
const digest = digestSchema.parse(`sha256:${"a".repeat(64)}`);

describe.each([
  () => `${origin}/predictions.parquet`,
  () => "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
  () => "file:///proc/self/environ",
  () => "s3://acme-secrets/key",
  () => "gopher://127.0.0.1:6379/_FLUSHALL",
  () => "HTTPS://user:secret@127.0.0.1/x",
])("an address in model.yaml", (address) => {
  test(`is no place to read from: ${address.toString().slice(6, 70)}`, async () => {
    const written = address();
    const wanted = { what: "the predictions", written, code: "predictions", whenMissing: "no-data" } as const;
    expect(await findFile([untouched], fileLocation(written, "models/ranker"), wanted)).toMatchObject({
      problem: { code: "remote-not-supported", verdict: "no-data" },
    });
    expect(await artifactOf(untouched, { artifact: { uri: written, format: "json", digest } }, "models/ranker")).toEqual({
      state: "declared",
      size: null,
    });
    expect(calls).toBe(0);
  });
});

describe("an address that only a head names", () => {
  const asked: string[] = [];
  const sources = {
    locate: async (uri: string) => {
      asked.push(uri);
      return { kind: "missing" } as const;
    },
  };

  test.each([
    "s3://acme-secrets/key.csv",
    "https://internal.acme.dev/key.csv",
    "gs://acme-secrets/key.csv",
    "bigquery://acme.salaries.all",
    "http://127.0.0.1/x",
  ])("is asked nothing, whatever access the run has: %s", async (written) => {
    const remote = { sources, prefixes: ["s3://acme-models/", "bigquery://acme.models."] };
    const wanted = { what: "the predictions", written, code: "predictions", whenMissing: "no-data", by: "head" } as const;
    expect(await findInput(remote, [untouched], fileLocation(written, "models/ranker"), wanted)).toMatchObject({
      problem: { code: "predictions-refused", verdict: "error" },
    });
    expect(asked).toEqual([]);
  });
});
