import { describe, expect, it } from "vitest";
import { oidcProvenance } from "#adapters/oidc/oidc-provenance.ts";
import { type ProvenanceClaims, provenanceClaimsSchema } from "#domain/evidence/run.ts";
import type { ProvenanceVerifier } from "#ports/provenance.ts";
import { fakeProvenance } from "#test/support/fakes/provenance.ts";
import { audience, issuerAddress, oidcIssuer, workflowSha } from "#test/support/oidc-issuer.ts";

const claims: ProvenanceClaims = provenanceClaimsSchema.parse({
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
});

interface Setting {
  readonly verifier: ProvenanceVerifier;
  /** A token with the claims above, signed by the issuer. */
  readonly token: string;
}

function inMemory(): Setting {
  const verifier = fakeProvenance();
  return { verifier, token: verifier.sign(claims) };
}

function withSignatures(): Setting {
  const issuer = oidcIssuer();
  const answers = [{ issuer: issuerAddress, jwks_uri: `${issuerAddress}/.well-known/jwks` }, JSON.parse(issuer.keys)];
  const fetch: typeof globalThis.fetch = async (address) => Response.json(answers[String(address).endsWith("/jwks") ? 1 : 0]);
  return { verifier: oidcProvenance({ issuer: issuerAddress, fetch }), token: issuer.token() };
}

describe.each([
  ["in memory", inMemory],
  ["with signatures", withSignatures],
])("provenance, %s", (_, open) => {
  it("is signed, with the token's claims, when the issuer's keys verify it", async () => {
    const { verifier, token } = open();
    expect(await verifier.verify(token, await verifier.keys())).toEqual({ kind: "signed", claims });
  });

  it("is unsigned for a token that the issuer did not sign", async () => {
    const { verifier, token } = open();
    expect(await verifier.verify(`${token}x`, await verifier.keys())).toMatchObject({ kind: "unsigned" });
  });

  it("is unsigned with other keys", async () => {
    const { verifier, token } = open();
    expect(await verifier.verify(token, oidcIssuer("other").keys)).toMatchObject({ kind: "unsigned" });
  });
});
