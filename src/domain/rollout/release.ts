import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { madeSchema } from "#domain/model/made.ts";
import {
  commitShaSchema,
  type Digest,
  digestSchema,
  type EnvironmentName,
  environmentNameSchema,
  loginSchema,
  type ModelName,
  modelNameSchema,
  type ReleaseId,
  releaseIdSchema,
  repositoryNameSchema,
  versionRefSchema,
} from "#domain/model/names.ts";
import { instantSchema } from "#domain/model/time.ts";
import { releasePlanSchema } from "#domain/rollout/plan.ts";
import { judgedWindowSchema } from "#domain/slo/window-verdict.ts";
import { parseWithSchema, type SchemaResult } from "#domain/text/parse-with-schema.ts";
import { printYaml } from "#domain/text/print-yaml.ts";

const exposedStepSchema = z.strictObject({
  weight: z.number().int().min(0).max(100),
  setAt: instantSchema,
  liveAt: instantSchema.nullable(),
  judgedAt: instantSchema.nullable(),
  windows: z.array(judgedWindowSchema),
});
export type ExposedStep = Readonly<z.infer<typeof exposedStepSchema>>;

const outcomeSchema = z.strictObject({
  kind: z.enum(["verified", "rolled-back", "aborted"]),
  at: instantSchema,
  reason: z.string(),
});

const by = { by: loginSchema, at: instantSchema };

/** `.slipway/releases/<env>/<model>/<id>.yaml`: one attempt to bring one version into one environment; final once `outcome` is set. */
export const releaseRecordSchema = z.strictObject({
  schema: z.literal("slipway/release/v1"),
  id: releaseIdSchema,
  environment: environmentNameSchema,
  model: modelNameSchema,
  /** Of the cluster; kept, so that a breach can be stopped while the policy cannot be read. */
  namespace: environmentNameSchema,
  trigger: z.union([
    z.strictObject({ command: z.number().int().positive(), ...by }),
    /** A button of the head's check, by the check run's number, and what was on it. */
    z.strictObject({ button: z.strictObject({ check: z.number().int().positive(), action: z.string().max(20) }), ...by }),
    /** The merge commit. */
    z.strictObject({ merge: commitShaSchema, ...by }),
  ]),
  pullRequest: z.strictObject({ repository: repositoryNameSchema, number: z.number().int().positive(), head: commitShaSchema }),
  candidate: versionRefSchema,
  artifact: z.string(),
  /** `made`: what the target writes it anew from, at each step. */
  baseline: versionRefSchema.extend({ made: madeSchema.optional() }),
  /** Digest of the report's exact bytes, kept under `.slipway/evidence/`. */
  evidence: digestSchema,
  /** The commit whose policy allowed it. */
  policy: commitShaSchema,
  plan: releasePlanSchema,
  startedAt: instantSchema,
  steps: z.array(exposedStepSchema),
  outcome: outcomeSchema.nullable(),
});
export type ReleaseRecord = Readonly<z.infer<typeof releaseRecordSchema>>;

export function printRelease(record: ReleaseRecord): string {
  return printYaml(z.encode(releaseRecordSchema, record));
}

export function parseRelease(text: string, path: string): SchemaResult<ReleaseRecord> {
  return parseWithSchema(releaseRecordSchema, text, path);
}

/** The same trigger, environment, model and digest give the same id, so a release starts at most once, ever (invariant 9). */
export function releaseId(trigger: string, environment: EnvironmentName, model: ModelName, digest: Digest): ReleaseId {
  const key = JSON.stringify([trigger, environment, model, digest]);
  return releaseIdSchema.parse(`r-${bytesToHex(sha256(utf8ToBytes(key))).slice(0, 16)}`);
}
