import type { Provenance } from "#domain/evidence/run.ts";

/** Who computed the evidence: the signature and form of its OIDC token. What the claims must say is the policy's matter. */
export interface ProvenanceVerifier {
  /** The issuer's keys today, as the JSON text of a JWK set. */
  keys(): Promise<string>;
  /** Verifies the token's signature, issuer and form with these keys, as of the moment it was issued. */
  verify(token: string, keys: string): Promise<Provenance>;
}
