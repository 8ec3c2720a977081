import { z } from "zod";
import { commitShaSchema, digestSchema, repositoryNameSchema } from "#domain/model/names.ts";
import { instantSchema } from "#domain/model/time.ts";

/** GitHub's own facts about one attempt of a workflow run. */
export const runFactsSchema = z.object({
  id: z.number().int().positive(),
  attempt: z.number().int().positive(),
  event: z.string(),
  headSha: commitShaSchema,
  /** The workflow file of the run, `.github/workflows/….yml`. */
  path: z.string(),
  startedAt: instantSchema,
  /** Of the last change GitHub saw, so not before the token was asked for. */
  updatedAt: instantSchema,
  /** Still running when it was looked at, as on the Action's hint: GitHub's last change is then not its end. */
  underWay: z.literal(true).optional(),
});
export type RunFacts = Readonly<z.infer<typeof runFactsSchema>>;

/** Who computed the evidence, as the issuer of the run's identity says it, whatever carries the signature. */
const runIdentity = {
  issuer: z.string(),
  repositoryId: z.number().int(),
  eventName: z.string(),
  runId: z.number().int(),
  runAttempt: z.number().int(),
  jobWorkflowRef: z.string(),
  jobWorkflowSha: commitShaSchema,
  /** `github-hosted` or `self-hosted`; runs that were taken in before it was kept lack it. */
  runnerEnvironment: z.string().optional(),
  issuedAt: instantSchema,
};

/** The claims of a verified OIDC token that say who computed the evidence. */
export const provenanceClaimsSchema = z.object({ ...runIdentity, audience: z.string() });
export type ProvenanceClaims = Readonly<z.infer<typeof provenanceClaimsSchema>>;

/** What is known of the token that came with the evidence: its claims when its signature held, else why not. */
export const provenanceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("signed"), claims: provenanceClaimsSchema }),
  z.object({ kind: z.literal("unsigned"), reason: z.string() }),
]);
export type Provenance = Readonly<z.infer<typeof provenanceSchema>>;

/** The certificate and the statement of a verified attestation; `issuedAt` is when it was signed, as a log or a timestamp authority says. */
export const attestationClaimsSchema = z.object({
  ...runIdentity,
  runnerEnvironment: z.string(),
  /** `refs/pull/<number>/merge`, or the branch of a merge group. */
  sourceRef: z.string(),
  sourceSha: commitShaSchema,
  predicateType: z.string(),
  /** SHA-256 of what it is about. */
  subjects: z.array(digestSchema),
});
export type AttestationClaims = Readonly<z.infer<typeof attestationClaimsSchema>>;

/** What is known of the attestation that came with the evidence. */
export const attestationSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("attested"), claims: attestationClaimsSchema }),
  z.object({ kind: z.literal("unverified"), reason: z.string() }),
]);
export type Attestation = Readonly<z.infer<typeof attestationSchema>>;

/** `accepted.json` of the evidence log: one run's evidence, when it was taken in, and GitHub's facts at that time. */
export const acceptedRunSchema = z.object({
  schema: z.literal("slipway/accepted-run/v1"),
  repository: z.object({ id: z.number().int().positive(), name: repositoryNameSchema }),
  pullRequest: z.number().int().positive(),
  run: runFactsSchema,
  provenance: provenanceSchema,
  /** Left out when the run left none. */
  attestation: attestationSchema.optional(),
  /** Digest of the exact bytes of `evidence.json`. */
  evidence: digestSchema,
  acceptedAt: instantSchema,
});
export type AcceptedRun = Readonly<z.infer<typeof acceptedRunSchema>>;
