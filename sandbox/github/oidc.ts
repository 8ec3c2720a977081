// The identity provider of workflow runs. Every claim is copied from the run that the double recorded; the process that asks is not believed.
import { randomUUID } from "node:crypto";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { accountOf } from "./people.ts";
import type { Attempt, Repository, Run, World } from "./world.ts";

/** Five minutes, the shortest life that was ever seen on GitHub: nobody may rely on a longer one. */
const lifeSeconds = 300;

export interface Oidc {
  readonly jwks: { readonly keys: readonly JWK[] };
  sign(claims: Readonly<Record<string, unknown>>): Promise<string>;
}

export async function makeOidc(): Promise<Oidc> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const kid = randomUUID();
  return {
    jwks: { keys: [{ ...(await exportJWK(publicKey)), use: "sig", alg: "RS256", kid }] },
    sign: (claims) => new SignJWT({ ...claims }).setProtectedHeader({ alg: "RS256", typ: "JWT", kid }).sign(privateKey),
  };
}

export const issuerOf = (world: World): string => `${world.origin}/_oidc`;

export function discovery(world: World): Record<string, unknown> {
  const issuer = issuerOf(world);
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks`,
    subject_types_supported: ["public", "pairwise"],
    response_types_supported: ["id_token"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid"],
  };
}

export async function mint(world: World, run: Run, attempt: Attempt, audience: string | null): Promise<string> {
  const now = Math.floor(world.clock().getTime() / 1000);
  return await world.oidc.sign({
    jti: randomUUID(),
    iss: issuerOf(world),
    aud: audience ?? `${world.origin}/${run.repository.owner}`,
    iat: now,
    nbf: now - lifeSeconds,
    exp: now + lifeSeconds,
    ...claimsOf(world, run, attempt),
  });
}

function claimsOf(world: World, run: Run, attempt: Attempt): Record<string, string> {
  const { repository } = run;
  const id = (login: string): string => String(accountOf(world, login).id);
  const calling = workflowRef(repository, run);
  return {
    sub: run.pull === undefined ? `repo:${repository.fullName}:ref:${run.ref}` : `repo:${repository.fullName}:pull_request`,
    repository: repository.fullName,
    repository_id: String(repository.id),
    repository_owner: repository.owner,
    repository_owner_id: id(repository.owner),
    repository_visibility: repository.private ? "private" : "public",
    event_name: run.event,
    ref: run.ref,
    ref_type: run.ref.startsWith("refs/tags/") ? "tag" : "branch",
    sha: run.sha,
    head_ref: run.pull === undefined ? "" : (run.headBranch ?? ""),
    base_ref: run.baseRef ?? "",
    workflow: run.name,
    workflow_ref: calling,
    workflow_sha: run.sha,
    job_workflow_ref: run.called?.ref ?? calling,
    job_workflow_sha: run.called?.sha ?? run.sha,
    run_id: String(run.id),
    run_number: String(run.number),
    run_attempt: String(attempt.number),
    actor: run.actor,
    actor_id: id(run.actor),
    runner_environment: "github-hosted",
  };
}

/** The calling workflow, at the ref the run stands on: for a pull request the author wrote it. */
export const workflowRef = (repository: Repository, run: Run): string => `${repository.fullName}/${run.path}@${run.ref}`;
