import { type Attestation, type AttestationClaims, attestationClaimsSchema } from "#domain/evidence/run.ts";
import type { AttestationVerifier } from "#ports/attestations.ts";

export interface FakeAttestations extends AttestationVerifier {
  /** Makes a bundle that this verifier, and no other, takes for attested. */
  attest(claims: AttestationClaims): string;
}

/** Bundles are names of claims that it keeps; whatever it did not make is unverified. */
export function fakeAttestations(trustRoot = "fake-root"): FakeAttestations {
  const made = new Map<string, AttestationClaims>();
  return {
    trustRoot,
    verify: (bundle, given): Attestation => {
      const claims = given === trustRoot ? made.get(bundle) : undefined;
      return claims === undefined ? { kind: "unverified", reason: "the bundle does not hold" } : { kind: "attested", claims };
    },
    attest: (claims) => {
      const bundle = `fake-bundle-${made.size + 1}`;
      made.set(bundle, attestationClaimsSchema.parse(claims));
      return bundle;
    },
  };
}
