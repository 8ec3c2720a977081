import type { Attestation } from "#domain/evidence/run.ts";

/** Who computed the evidence, said by a Sigstore bundle: signature, certificate and time. What they must say is the policy's matter. */
export interface AttestationVerifier {
  /** The trust roots of this installation, as text; undefined when it has none. */
  readonly trustRoot: string | undefined;
  /** Verifies a bundle with these trust roots, as of the moment it was signed. Asks nobody. */
  verify(bundle: string, trustRoot: string): Attestation;
}
