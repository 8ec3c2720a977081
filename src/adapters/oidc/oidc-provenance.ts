import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from "jose";
import { z } from "zod";
import type { Provenance } from "#domain/evidence/run.ts";
import type { ProvenanceVerifier } from "#ports/provenance.ts";
import { issuerKeys } from "./issuer-keys.ts";
import { claimsOf } from "./token-claims.ts";

export interface OidcProvenanceSettings {
  /** Exactly as tokens spell it: `https://token.actions.githubusercontent.com`. */
  readonly issuer: string;
  readonly fetch?: typeof globalThis.fetch;
}

/** GitHub's tokens have about 1.5 kB; what is far larger is not looked at. */
const longestToken = 16_384;

/** Clocks of the issuer and of whoever stamped `nbf`, which GitHub sets before `iat`. */
const tolerance = "30s";

/**
 * Verifies tokens of one OIDC issuer. A token is judged as of the moment it was issued, so one that was kept together with the keys of
 * that time holds years later. Whether it is fresh, and for whom it was made, is for the caller to compare with its claims.
 */
export function oidcProvenance({ issuer, fetch = globalThis.fetch }: OidcProvenanceSettings): ProvenanceVerifier {
  return {
    keys: () => issuerKeys(issuer, fetch),
    async verify(token, keys): Promise<Provenance> {
      const keySet = readKeys(keys);
      if (keySet === undefined) return unsigned("The keys kept with the run's token are no JWK set.");
      try {
        return signed(await verified(token, keySet, issuer));
      } catch (error) {
        if (error instanceof errors.JOSEError) return unsigned(reasonOf(error));
        if (error instanceof z.ZodError)
          return unsigned(`The claims of the run's token are not those of a workflow run: ${z.prettifyError(error)}`);
        // No I/O happens here: what else the library trips over is the form of the token or of a key.
        return unsigned("The run's token cannot be verified with the issuer's keys.");
      }
    },
  };
}

const required = [
  "iss",
  "aud",
  "iat",
  "exp",
  "repository_id",
  "event_name",
  "run_id",
  "run_attempt",
  "job_workflow_ref",
  "job_workflow_sha",
];

async function verified(token: string, keys: ReturnType<typeof createLocalJWKSet>, issuer: string): Promise<JWTPayload> {
  if (token.length > longestToken) throw new errors.JWTInvalid("the token is too long");
  // Read before the signature is checked, and used for nothing but the date of that same check.
  const { iat } = decodeJwt(token);
  if (typeof iat !== "number" || !Number.isSafeInteger(iat) || iat <= 0)
    throw new errors.JWTInvalid("the token does not say when it was issued");
  const { payload } = await jwtVerify(token, keys, {
    issuer,
    algorithms: ["RS256"],
    clockTolerance: tolerance,
    currentDate: new Date(iat * 1000),
    requiredClaims: required,
  });
  return payload;
}

function signed(payload: JWTPayload): Provenance {
  return { kind: "signed", claims: claimsOf(payload) };
}

function unsigned(reason: string): Provenance {
  return { kind: "unsigned", reason };
}

const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

function readKeys(text: string): ReturnType<typeof createLocalJWKSet> | undefined {
  try {
    return createLocalJWKSet(keySetSchema.parse(JSON.parse(text)));
  } catch {
    return undefined;
  }
}

/** The library's sentences name claims and never hold the token. */
function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWSSignatureVerificationFailed) return "The signature of the run's token does not hold.";
  if (error instanceof errors.JWKSNoMatchingKey) return "The run's token was not signed by a key of the issuer.";
  if (error instanceof errors.JOSEAlgNotAllowed) return "The run's token is not signed with RS256.";
  return `The run's token is refused: ${error.message}.`;
}
