import { z } from "zod";
import { digestSchema, modelNameSchema } from "#domain/model/names.ts";
import { parseDocument, reportSchema } from "./report.ts";

export const evidenceSchemaName = "slipway/evidence/v1";

/** `evidence.json`: what one run computed, one report a model. Its digest is the audience of the run's token. */
export const evidenceSchema = z.object({
  schema: z.literal(evidenceSchemaName),
  run: reportSchema.shape.run,
  reports: z.array(
    z.object({
      model: modelNameSchema,
      /** The report's file name beside `evidence.json`; a plain name, so that it cannot point elsewhere. */
      file: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$/, "a report's file is a plain file name"),
      digest: digestSchema,
    }),
  ),
});
export type Evidence = Readonly<z.infer<typeof evidenceSchema>>;

export type ParsedEvidence =
  | { readonly kind: "evidence"; readonly evidence: Evidence }
  | { readonly kind: "refused"; readonly message: string };

export function printEvidence(evidence: Evidence): string {
  return `${JSON.stringify(evidenceSchema.parse(evidence), null, 2)}\n`;
}

export function parseEvidence(document: string): ParsedEvidence {
  const read = parseDocument(document, evidenceSchemaName, evidenceSchema);
  return read.kind === "read" ? { kind: "evidence", evidence: read.value } : read;
}
