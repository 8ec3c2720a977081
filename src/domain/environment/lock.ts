import { z } from "zod";
import { environmentNameSchema, loginSchema, modelNameSchema, repositoryNameSchema } from "#domain/model/names.ts";
import { instantSchema } from "#domain/model/time.ts";
import { parseWithSchema, type SchemaResult } from "#domain/text/parse-with-schema.ts";
import { printYaml } from "#domain/text/print-yaml.ts";

/** `.slipway/locks/<env>/<model>.yaml`: a person lets no new release of a model start there. What runs is not touched. */
const lockSchema = z.strictObject({
  schema: z.literal("slipway/lock/v1"),
  environment: environmentNameSchema,
  model: modelNameSchema,
  by: loginSchema,
  at: instantSchema,
  reason: z.string().max(1000).optional(),
  /** The pull request whose end frees it; null: only a person does. */
  pullRequest: z.strictObject({ repository: repositoryNameSchema, number: z.number().int().positive() }).nullable(),
});
export type Lock = Readonly<z.infer<typeof lockSchema>>;

export function printLock(lock: Lock): string {
  return printYaml(z.encode(lockSchema, lock));
}

export function parseLock(text: string, path: string): SchemaResult<Lock> {
  return parseWithSchema(lockSchema, text, path);
}
