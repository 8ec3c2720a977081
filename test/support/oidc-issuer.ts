import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** When the tokens were issued, in seconds: long before or after any test runs. */
const issuedAt = Date.parse("2026-11-20T08:00:00Z") / 1000;

export const issuerAddress = "https://token.actions.githubusercontent.com";

export interface OidcIssuer {
  /** The JWK set, as text. */
  readonly keys: string;
  readonly publicKey: KeyObject;
  token(claims?: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): string;
  /** The same header and claims, signed with HMAC and the text of the public key: the classical confusion of algorithms. */
  confusedToken(): string;
}

/** Makes tokens as GitHub does, byte by byte, without the library that is under test; `undefined` leaves a claim out. */
export function oidcIssuer(kid = "key-1"): OidcIssuer {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keys = JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" }] });
  const signingInput = (header: object, claims: object) => `${base64(JSON.stringify(header))}.${base64(JSON.stringify(claims))}`;
  return {
    keys,
    publicKey,
    token(claims = {}, header = {}) {
      const input = signingInput({ typ: "JWT", alg: "RS256", kid, ...header }, { ...workflowClaims, ...claims });
      return `${input}.${sign("sha256", Buffer.from(input), privateKey).toString("base64url")}`;
    },
    confusedToken() {
      const input = signingInput({ typ: "JWT", alg: "HS256", kid }, workflowClaims);
      const secret = createPublicKey(privateKey).export({ format: "pem", type: "spki" });
      return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
    },
  };
}

export const audience = `slipway:sha256:${"e".repeat(64)}`;
export const workflowSha = "c".repeat(40);

const workflowClaims = {
  jti: "6a1a5b1e-0000-4000-8000-000000000001",
  iss: issuerAddress,
  aud: audience,
  sub: "repo:acme/models:pull_request",
  iat: issuedAt,
  nbf: issuedAt - 300,
  exp: issuedAt + 21_600,
  repository: "acme/models",
  repository_id: "1",
  repository_owner_id: "2",
  event_name: "pull_request",
  ref: "refs/pull/7/merge",
  sha: "d".repeat(40),
  run_id: "9001",
  run_attempt: "2",
  workflow_ref: "acme/models/.github/workflows/slipway.yml@refs/pull/7/merge",
  job_workflow_ref: "acme/slipway/.github/workflows/evaluate.yml@refs/heads/main",
  job_workflow_sha: workflowSha,
  runner_environment: "github-hosted",
};

function base64(text: string): string {
  return Buffer.from(text).toString("base64url");
}
