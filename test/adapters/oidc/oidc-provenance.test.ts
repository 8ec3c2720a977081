import { createServer, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { oidcProvenance } from "#adapters/oidc/oidc-provenance.ts";
import { audience, issuerAddress, oidcIssuer, workflowSha } from "#test/support/oidc-issuer.ts";

const issuer = oidcIssuer();
const verifier = oidcProvenance({ issuer: issuerAddress });
const good = issuer.token();
const [header = "", payload = "", signature = ""] = good.split(".");
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const claims: Record<string, unknown> = JSON.parse(Buffer.from(payload, "base64url").toString());
const issuedAt = Number(claims["iat"]);

describe("a workflow run's OIDC token", () => {
  it("gives its claims when the signature holds, however long ago it was issued", async () => {
    expect(await verifier.verify(good, issuer.keys)).toEqual({
      kind: "signed",
      claims: {
        issuer: issuerAddress,
        audience,
        repositoryId: 1,
        eventName: "pull_request",
        runId: 9001,
        runAttempt: 2,
        jobWorkflowRef: "acme/slipway/.github/workflows/evaluate.yml@refs/heads/main",
        jobWorkflowSha: workflowSha,
        runnerEnvironment: "github-hosted",
        issuedAt: "2026-11-20T08:00:00.000Z",
      },
    });
    const old = issuer.token({ iat: 1_500_000_000, nbf: 1_499_999_700, exp: 1_500_000_300 });
    expect(await verifier.verify(old, issuer.keys)).toMatchObject({ kind: "signed", claims: { issuedAt: "2017-07-14T02:40:00.000Z" } });
  });

  it("names whatever audience it was made for, and compares it with nothing", async () => {
    const token = issuer.token({ aud: "slipway:app" });
    expect(await verifier.verify(token, issuer.keys)).toMatchObject({ kind: "signed", claims: { audience: "slipway:app" } });
  });

  it("may be signed by one of several keys", async () => {
    const other = oidcIssuer("key-2");
    const both = JSON.stringify({ keys: [...JSON.parse(other.keys).keys, ...JSON.parse(issuer.keys).keys] });
    expect(await verifier.verify(good, both)).toMatchObject({ kind: "signed" });
  });

  it.each([
    ["without a signature (alg none)", `${encode({ alg: "none", typ: "JWT" })}.${payload}.`],
    ["with its signature kept and alg none", `${encode({ alg: "none", typ: "JWT", kid: "key-1" })}.${payload}.${signature}`],
    ["with a flipped signature", `${header}.${payload}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`],
    ["with a changed claim", `${header}.${encode({ ...claims, run_id: "9002" })}.${signature}`],
    ["with a changed date of issue", `${header}.${encode({ ...claims, iat: issuedAt + 1 })}.${signature}`],
    ["signed with the public key as a secret (HS256)", issuer.confusedToken()],
    ["signed by another key under the same name", oidcIssuer().token()],
    ["signed by a key that the issuer does not have", oidcIssuer("key-9").token()],
    ["of another issuer", issuer.token({ iss: "https://token.actions.example.com" })],
    ["of an issuer whose name begins like ours", issuer.token({ iss: `${issuerAddress}/acme` })],
    ["of our issuer with a slash at its end", issuer.token({ iss: `${issuerAddress}/` })],
    ["that ended before it was issued", issuer.token({ exp: issuedAt - 60 })],
    ["that counts only later than it was issued", issuer.token({ nbf: issuedAt + 3600 })],
    ["for several audiences", issuer.token({ aud: [audience, "sts.amazonaws.com"] })],
    ["for a list of one audience", issuer.token({ aud: [audience] })],
    ["with a number where GitHub writes text", issuer.token({ repository_id: 1 })],
    ["with a run that is no number", issuer.token({ run_id: "9001; drop table" })],
    ["with a run that is too large a number", issuer.token({ run_id: "9999999999999999" })],
    ["with a commit that is none", issuer.token({ job_workflow_sha: "main" })],
    ["issued at no time", issuer.token({ iat: "yesterday" })],
    ["issued at an impossible time", issuer.token({ iat: 9e15, exp: 9e15 + 60, nbf: 0 })],
    ["with a critical extension that nobody knows", issuer.token({}, { crit: ["https://example.com/x"], "https://example.com/x": 1 })],
    ["that is far too long", issuer.token({ padding: "x".repeat(20_000) })],
    ["that is empty", ""],
    ["that is no token", "hello"],
    ["of three empty parts", ".."],
    ["encrypted instead of signed", "a.b.c.d.e"],
  ])("is unsigned %s", async (_, token) => {
    const verified = await verifier.verify(token, issuer.keys);
    expect(verified).toEqual({ kind: "unsigned", reason: expect.stringMatching(/\S/) });
  });

  it.each(["iss", "aud", "iat", "exp", "repository_id", "event_name", "run_id", "run_attempt", "job_workflow_ref", "job_workflow_sha"])(
    "is unsigned without the claim %s",
    async (claim) => {
      expect(await verifier.verify(issuer.token({ [claim]: undefined }), issuer.keys)).toMatchObject({ kind: "unsigned" });
    },
  );

  it.each([
    ["no JSON", "hello"],
    ["no key set", "{}"],
    ["an empty key set", '{"keys":[]}'],
    ["a key of another form", '{"keys":[{"kty":"RSA","kid":"key-1","n":"!","e":"AQAB"}]}'],
  ])("is unsigned when the keys kept with it are %s", async (_, keys) => {
    expect(await verifier.verify(good, keys)).toMatchObject({ kind: "unsigned" });
  });

  it("never shows itself in the reason", async () => {
    const token = `${header}.${payload}.${"A".repeat(signature.length)}`;
    const verified = await verifier.verify(token, issuer.keys);
    expect(JSON.stringify(verified)).not.toContain(payload.slice(0, 40));
  });
});

describe("the issuer's keys", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(answers: (origin: string) => Readonly<Record<string, unknown>>): Promise<string> {
    server = createServer((request, response) => {
      const body = answers(origin)[request.url ?? ""];
      if (body === undefined) return response.writeHead(404).end();
      if (body === "elsewhere") return response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
      return response.writeHead(200).end(typeof body === "string" ? body : JSON.stringify(body));
    });
    await new Promise<void>((done) => server?.listen(0, "127.0.0.1", done));
    const address = server.address();
    const origin = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
    return origin;
  }

  const discovery = "/.well-known/openid-configuration";

  it("are those that the issuer's discovery document names, as the text that it sent", async () => {
    const text = `${issuer.keys}\n`;
    const origin = await serve((here) => ({ [discovery]: { issuer: here, jwks_uri: `${here}/keys` }, "/keys": text }));
    expect(await oidcProvenance({ issuer: origin }).keys()).toBe(text);
  });

  it("verify a token of that issuer", async () => {
    const origin = await serve((here) => ({ [discovery]: { issuer: here, jwks_uri: `${here}/keys` }, "/keys": issuer.keys }));
    const local = oidcProvenance({ issuer: origin });
    expect(await local.verify(issuer.token({ iss: origin }), await local.keys())).toMatchObject({
      kind: "signed",
      claims: { issuer: origin },
    });
  });

  it.each([
    [
      "the document speaks for another issuer",
      (here: string) => ({ [discovery]: { issuer: `${here}/x`, jwks_uri: `${here}/keys` } }),
      "another issuer",
    ],
    ["there is no document", () => ({}), "answered 404"],
    ["the document is something else", () => ({ [discovery]: "<html>" }), "something else"],
    [
      "the keys are something else",
      (here: string) => ({ [discovery]: { issuer: here, jwks_uri: `${here}/keys` }, "/keys": { keys: [] } }),
      "something else",
    ],
    [
      "the keys are not behind https",
      (here: string) => ({ [discovery]: { issuer: here, jwks_uri: "http://example.com/keys" } }),
      "not behind https",
    ],
    ["the issuer sends us elsewhere", () => ({ [discovery]: "elsewhere" }), "did not answer"],
    ["the answer does not end", () => ({ [discovery]: " ".repeat(300_000) }), "more than"],
  ])("are not to be had when %s", async (_, answers, message) => {
    const origin = await serve(answers);
    await expect(oidcProvenance({ issuer: origin }).keys()).rejects.toThrow(message);
  });

  it("are asked for with the fetch that it was given", async () => {
    const asked: string[] = [];
    const fetch: typeof globalThis.fetch = async (address) => {
      asked.push(String(address));
      return Response.json(
        asked.length === 1 ? { issuer: issuerAddress, jwks_uri: `${issuerAddress}/.well-known/jwks` } : JSON.parse(issuer.keys),
      );
    };
    await oidcProvenance({ issuer: issuerAddress, fetch }).keys();
    expect(asked).toEqual([`${issuerAddress}/.well-known/openid-configuration`, `${issuerAddress}/.well-known/jwks`]);
  });
});
