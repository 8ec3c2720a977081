import { type Provenance, type ProvenanceClaims, provenanceClaimsSchema } from "#domain/evidence/run.ts";
import type { ProvenanceVerifier } from "#ports/provenance.ts";

export interface FakeProvenance extends ProvenanceVerifier {
  /** Makes a token that this verifier, and no other, takes for signed. */
  sign(claims: ProvenanceClaims): string;
}

/** Tokens are names of claims that it keeps; whatever it did not sign is unsigned. */
export function fakeProvenance(): FakeProvenance {
  const signed = new Map<string, ProvenanceClaims>();
  const keys = JSON.stringify({ keys: [{ kid: "fake" }] });
  return {
    keys: async () => keys,
    verify: async (token, given): Promise<Provenance> => {
      const claims = signed.get(token);
      if (given !== keys) return { kind: "unsigned", reason: "the keys are not the issuer's" };
      return claims === undefined ? { kind: "unsigned", reason: "the signature does not hold" } : { kind: "signed", claims };
    },
    sign: (claims) => {
      const token = `fake-token-${signed.size + 1}`;
      signed.set(token, provenanceClaimsSchema.parse(claims));
      return token;
    },
  };
}
