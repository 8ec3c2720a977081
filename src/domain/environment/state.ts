import { z } from "zod";
import { statePath } from "#domain/environment/paths.ts";
import {
  blobIdSchema,
  commitShaSchema,
  digestSchema,
  environmentNameSchema,
  loginSchema,
  modelNameSchema,
  releaseIdSchema,
  repositoryNameSchema,
  versionLabelSchema,
} from "#domain/model/names.ts";
import { instantSchema } from "#domain/model/time.ts";
import { parseWithSchema, type SchemaResult } from "#domain/text/parse-with-schema.ts";
import { printYaml } from "#domain/text/print-yaml.ts";

/** A version that stood at 100 % and passed its bake, or that a person adopted; `files` are the manifests that served it, by exact bytes. */
const verifiedSchema = z.strictObject({
  version: versionLabelSchema,
  digest: digestSchema,
  /** null: adopted. */
  release: releaseIdSchema.nullable(),
  at: instantSchema,
  files: z.record(z.string(), blobIdSchema),
});
export type VerifiedVersion = Readonly<z.infer<typeof verifiedSchema>>;

const exposure = {
  id: releaseIdSchema,
  candidate: z.strictObject({ version: versionLabelSchema, digest: digestSchema }),
  pullRequest: z.strictObject({ repository: repositoryNameSchema, number: z.number().int().positive(), head: commitShaSchema }),
  /** Index into the plan's steps; the one after the last is 100 %. */
  step: z.number().int().min(0),
  weight: z.number().int().min(0).max(100),
  weightSetAt: instantSchema,
  /** When the cluster was first seen to serve this weight; windows count from here. */
  liveSince: instantSchema.nullable(),
};

/** The one release that is open for a model in an environment: it is the lock. */
export const openReleaseSchema = z.discriminatedUnion("phase", [
  z.strictObject({ phase: z.literal("progressing"), ...exposure }),
  z.strictObject({ phase: z.literal("paused"), ...exposure, pausedAt: instantSchema, reason: z.string(), by: loginSchema.optional() }),
  z.strictObject({
    phase: z.literal("stopping"),
    ...exposure,
    stoppedAt: instantSchema,
    reason: z.string(),
    /** Which rollback pull request it is, from 2 on: a person closed the one before and asked for another. */
    attempt: z.number().int().min(2).max(99).optional(),
  }),
]);
export type OpenRelease = Readonly<z.infer<typeof openReleaseSchema>>;

/** `.slipway/state/<env>/<model>.yaml`: all that moves. */
export const environmentStateSchema = z.strictObject({
  schema: z.literal("slipway/state/v1"),
  environment: environmentNameSchema,
  model: modelNameSchema,
  live: z.strictObject({ version: versionLabelSchema, digest: digestSchema, since: instantSchema }),
  /** Newest first. */
  verified: z.array(verifiedSchema).max(20),
  release: openReleaseSchema.nullable(),
});
export type EnvironmentState = Readonly<z.infer<typeof environmentStateSchema>>;

export function printState(state: EnvironmentState): string {
  return printYaml(z.encode(environmentStateSchema, state));
}

export function parseState(text: string, path: string): SchemaResult<EnvironmentState> {
  return parseWithSchema(environmentStateSchema, text, path);
}

export function statePathOf(state: EnvironmentState): string {
  return statePath(state.environment, state.model);
}
