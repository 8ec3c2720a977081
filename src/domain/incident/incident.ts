import { z } from "zod";
import { environmentNameSchema, modelNameSchema, releaseIdSchema, versionRefSchema } from "#domain/model/names.ts";
import { instantSchema } from "#domain/model/time.ts";
import { judgedWindowSchema } from "#domain/slo/window-verdict.ts";
import { parseWithSchema, type SchemaResult } from "#domain/text/parse-with-schema.ts";
import { printYaml } from "#domain/text/print-yaml.ts";

/** The record of a breach; the issue and the rollback pull request are views of it. */
export const incidentSchema = z.strictObject({
  schema: z.literal("slipway/incident/v1"),
  /** The release's id: a release can break its promise once. */
  id: releaseIdSchema,
  environment: environmentNameSchema,
  model: modelNameSchema,
  candidate: versionRefSchema,
  /** null: no earlier version was verified that is not held, so a person must decide. */
  restores: versionRefSchema.nullable(),
  reason: z.string(),
  /** The measurements that decided. */
  windows: z.array(judgedWindowSchema),
  timeline: z.array(z.strictObject({ at: instantSchema, what: z.string() })),
  issue: z.number().int().positive().nullable(),
  pullRequest: z.number().int().positive().nullable(),
  closedAt: instantSchema.nullable(),
});
export type Incident = Readonly<z.infer<typeof incidentSchema>>;

export function printIncident(incident: Incident): string {
  return printYaml(z.encode(incidentSchema, incident));
}

export function parseIncident(text: string, path: string): SchemaResult<Incident> {
  return parseWithSchema(incidentSchema, text, path);
}
