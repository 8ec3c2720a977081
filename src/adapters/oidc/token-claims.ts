import type { JWTPayload } from "jose";
import { z } from "zod";
import { type ProvenanceClaims, provenanceClaimsSchema } from "#domain/evidence/run.ts";
import { instantOf } from "#domain/model/time.ts";

/** GitHub writes numbers as text. */
const wholeNumber = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, "a whole number, as text")
  .transform(Number)
  .refine(Number.isSafeInteger, "a number that is not too large");

const payloadSchema = z.object({
  iss: z.string(),
  /** One, since a token for several could be shown to any of them. */
  aud: z.string(),
  iat: z.number().int(),
  repository_id: wholeNumber,
  event_name: z.string().min(1),
  run_id: wholeNumber,
  run_attempt: wholeNumber,
  job_workflow_ref: z.string().min(1),
  job_workflow_sha: z.string(),
  runner_environment: z.string().optional(),
});

/** @throws a ZodError when claims are missing or of another form */
export function claimsOf(payload: JWTPayload): ProvenanceClaims {
  const claims = payloadSchema.parse(payload);
  return provenanceClaimsSchema.parse({
    issuer: claims.iss,
    audience: claims.aud,
    repositoryId: claims.repository_id,
    eventName: claims.event_name,
    runId: claims.run_id,
    runAttempt: claims.run_attempt,
    jobWorkflowRef: claims.job_workflow_ref,
    jobWorkflowSha: claims.job_workflow_sha,
    ...(claims.runner_environment !== undefined && { runnerEnvironment: claims.runner_environment }),
    issuedAt: instantOf(claims.iat * 1000),
  });
}
