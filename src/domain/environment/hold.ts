import { z } from "zod";
import {
  digestSchema,
  environmentNameSchema,
  loginSchema,
  modelNameSchema,
  releaseIdSchema,
  versionLabelSchema,
} from "#domain/model/names.ts";
import { instantSchema } from "#domain/model/time.ts";
import { parseWithSchema, type SchemaResult } from "#domain/text/parse-with-schema.ts";
import { printYaml } from "#domain/text/print-yaml.ts";

/** Stops everyone, people and automation, from releasing a digest until a person with the role lifts it (invariant 8). */
export const holdSchema = z.strictObject({
  schema: z.literal("slipway/hold/v1"),
  environment: environmentNameSchema,
  model: modelNameSchema,
  version: versionLabelSchema,
  digest: digestSchema,
  since: instantSchema,
  reason: z.string(),
  /** Who holds it, when a person does. */
  by: loginSchema.optional(),
  /** The release that broke its objective, when that is why. */
  release: releaseIdSchema.optional(),
  incident: z.string().optional(),
  /** Set where a person wanted to go back and nothing verified was left: then the removal of the route is proposed. */
  removal: z.literal(true).optional(),
  /** The role that may lift it. */
  liftedBy: z.enum(["holder"]),
});
export type Hold = Readonly<z.infer<typeof holdSchema>>;

export function printHold(hold: Hold): string {
  return printYaml(z.encode(holdSchema, hold));
}

export function parseHold(text: string, path: string): SchemaResult<Hold> {
  return parseWithSchema(holdSchema, text, path);
}
