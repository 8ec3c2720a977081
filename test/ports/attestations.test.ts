import { describe, expect, it } from "vitest";
import { sigstoreAttestations } from "#adapters/sigstore/sigstore-attestations.ts";
import type { AttestationVerifier } from "#ports/attestations.ts";
import { attestationClaims } from "#test/support/evidence-entry.ts";
import { fakeAttestations } from "#test/support/fakes/attestations.ts";
import { issuerAddress } from "#test/support/oidc-issuer.ts";
import { sigstore } from "#test/support/sigstore.ts";

interface Setting {
  readonly verifier: AttestationVerifier;
  /** A bundle of run 9001, attempt 2. */
  readonly bundle: string;
  readonly otherRoot: string;
}

async function inMemory(): Promise<Setting> {
  const verifier = fakeAttestations();
  return { verifier, bundle: verifier.attest(attestationClaims({ runId: 9001, runAttempt: 2 })), otherRoot: "other-root" };
}

async function withSignatures(): Promise<Setting> {
  const [ours, other] = [await sigstore(), await sigstore()];
  const verifier = sigstoreAttestations({ trustRoot: ours.root, issuer: issuerAddress, server: "https://github.com" });
  return { verifier, bundle: await ours.attest(), otherRoot: other.root };
}

describe.each([
  ["in memory", inMemory],
  ["with signatures", withSignatures],
])("attestations, %s", (_, open) => {
  it("are attested, with what they say, under the trust root of the installation", async () => {
    const { verifier, bundle } = await open();
    expect(verifier.verify(bundle, verifier.trustRoot ?? "")).toMatchObject({ kind: "attested", claims: { runId: 9001, runAttempt: 2 } });
  });

  it("are unverified when they are something else, or under another root", async () => {
    const { verifier, bundle, otherRoot } = await open();
    expect(verifier.verify(`${bundle}x`, verifier.trustRoot ?? "")).toMatchObject({ kind: "unverified" });
    expect(verifier.verify(bundle, otherRoot)).toMatchObject({ kind: "unverified" });
  });
});
