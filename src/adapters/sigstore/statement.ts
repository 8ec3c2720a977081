import type { Bundle } from "@sigstore/bundle";
import { z } from "zod";
import { digestSchema } from "#domain/model/names.ts";

const payloadType = "application/vnd.in-toto+json";

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md; GitHub allows 1024 subjects. */
const statementSchema = z
  .object({
    _type: z.literal("https://in-toto.io/Statement/v1"),
    subject: z
      .array(z.object({ digest: z.object({ sha256: z.string() }) }))
      .min(1)
      .max(1024),
    predicateType: z.string().max(200),
  })
  .transform(({ subject, predicateType }) => ({
    predicateType,
    subjects: subject.map(({ digest }) => digestSchema.parse(`sha256:${digest.sha256}`)),
  }));
export type Statement = Readonly<z.infer<typeof statementSchema>>;

/** What a bundle states, whoever signed it; undefined when it states nothing that we know. */
export function statementOf({ content }: Bundle): Statement | undefined {
  if (content.$case !== "dsseEnvelope" || content.dsseEnvelope.payloadType !== payloadType) return undefined;
  try {
    return statementSchema.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content.dsseEnvelope.payload)));
  } catch {
    return undefined;
  }
}
