import { z } from "zod";
import { environmentNameSchema, identifierSchema, loginSchema } from "#domain/model/names.ts";
import { instantSchema, millisecondsBetween } from "#domain/model/time.ts";
import { parseWithSchema, type SchemaResult } from "#domain/text/parse-with-schema.ts";
import { printYaml } from "#domain/text/print-yaml.ts";

/** `.slipway/freezes/<name>.yaml`: a freeze that a person set by command; the ones known long before are in the policy. */
const freezeFileSchema = z
  .strictObject({
    schema: z.literal("slipway/freeze/v1"),
    name: identifierSchema,
    /** Where it applies; everywhere when left out. */
    environments: z.array(environmentNameSchema).min(1).optional(),
    /** Inclusive. */
    from: instantSchema,
    /** Exclusive; until somebody lifts it when left out. */
    to: instantSchema.optional(),
    reason: z.string().min(1).max(1000),
    by: loginSchema,
  })
  .refine((freeze) => freeze.to === undefined || millisecondsBetween(freeze.from, freeze.to) > 0, {
    path: ["to"],
    message: "a freeze ends after it begins",
  });
export type FreezeFile = Readonly<z.infer<typeof freezeFileSchema>>;

export function printFreezeFile(freeze: FreezeFile): string {
  return printYaml(z.encode(freezeFileSchema, freeze));
}

export function parseFreezeFile(text: string, path: string): SchemaResult<FreezeFile> {
  return parseWithSchema(freezeFileSchema, text, path);
}
