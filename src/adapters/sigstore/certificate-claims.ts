import type { Signer } from "@sigstore/verify";
import { z } from "zod";

/**
 * What a certificate of Fulcio says of a workflow run: https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md. All of these
 * extensions are DER, a UTF8String each.
 */
const extensions = {
  issuer: 8,
  buildSignerUri: 9,
  buildSignerDigest: 10,
  runnerEnvironment: 11,
  sourceDigest: 13,
  sourceRef: 14,
  sourceRepositoryId: 15,
  buildTrigger: 20,
  runInvocationUri: 21,
} as const;
type Extension = keyof typeof extensions;

const fulcio = [1, 3, 6, 1, 4, 1, 57_264, 1];
const utf8String = 0x0c;

const wholeNumber = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, "a whole number")
  .transform(Number)
  .refine(Number.isSafeInteger, "a number that is not too large");

const certificateSchema = z.object({
  issuer: z.string(),
  subject: z.string(),
  buildSignerUri: z.string(),
  buildSignerDigest: z.string(),
  runnerEnvironment: z.string(),
  sourceDigest: z.string(),
  sourceRef: z.string(),
  sourceRepositoryId: wholeNumber,
  buildTrigger: z.string().min(1),
  runInvocationUri: z.string(),
});
export type CertificateClaims = Readonly<z.infer<typeof certificateSchema>>;

const runSchema = z.tuple([wholeNumber, wholeNumber]);

/** @throws a ZodError when the certificate is not that of a workflow run */
export function certificateClaims({ identity }: Signer): CertificateClaims {
  const read = Object.keys(extensions).map((name) => [name, textOf(identity, extensions[name as Extension])] as const);
  return certificateSchema.parse({ ...Object.fromEntries(read), subject: identity?.subjectAlternativeName });
}

/**
 * The run and attempt of `<server>/<owner>/<name>/actions/runs/<run>/attempts/<attempt>`.
 *
 * @throws a ZodError when it names none
 */
export function invokedRun({ runInvocationUri }: CertificateClaims): { readonly run: number; readonly attempt: number } {
  const [run, attempt] = runSchema.parse(/\/actions\/runs\/(\d+)\/attempts\/(\d+)$/.exec(runInvocationUri)?.slice(1));
  return { run, attempt };
}

function textOf(identity: Signer["identity"], last: number): string | undefined {
  const wanted = [...fulcio, last].join(".");
  const found = identity?.oids?.filter(({ oid }) => oid?.id.join(".") === wanted) ?? [];
  const [only] = found;
  // Of two with one name, somebody else may read the other.
  return only === undefined || found.length > 1 ? undefined : utf8Of(only.value);
}

/** The text of a DER UTF8String that fills its bytes exactly. */
function utf8Of(der: Buffer): string | undefined {
  const [tag, first = 0x80] = der;
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  const start = 2 + lengthBytes;
  if (tag !== utf8String || (first >= 0x80 && (lengthBytes < 1 || lengthBytes > 2)) || der.byteLength < start) return undefined;
  const length = lengthBytes === 0 ? first : der.readUIntBE(2, lengthBytes);
  if (der.byteLength !== start + length) return undefined;
  return new TextDecoder("utf-8", { fatal: true }).decode(der.subarray(start));
}
