import { z } from "zod";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import {
  type BlobId,
  blobIdSchema,
  commitShaSchema,
  type Digest,
  digestSchema,
  environmentNameSchema,
  loginSchema,
  modelNameSchema,
} from "#domain/model/names.ts";
import { instantSchema } from "#domain/model/time.ts";
import { parseWithSchema, type SchemaResult } from "#domain/text/parse-with-schema.ts";
import { printYaml } from "#domain/text/print-yaml.ts";
import { policyPath } from "./paths.ts";

/** What a person's word came by: the comment, by its number; or the click, by the check, the button and who clicked. */
export const wordSchema = z.union([z.number().int().positive(), z.string().regex(/^check \d+ \S+ \S+$/)]);

/** A person's consent to release exactly this: another artifact, other manifests or another policy make it void. */
const approvalSchema = z.strictObject({
  by: loginSchema,
  at: instantSchema,
  command: wordSchema,
  /** The commit that was read. */
  sha: commitShaSchema,
  digest: digestSchema,
  /** SHA-256 of the manifests that would serve the version alone, as they were rendered. */
  manifests: digestSchema,
  /** The policy file by its exact bytes. */
  policy: blobIdSchema,
});
export type Approval = Readonly<z.infer<typeof approvalSchema>>;

/**
 * `.slipway/approvals/<env>/<model>.yaml`: consents to what was not released yet, oldest first. A file of its own: a commit of Slipway in the
 * state would hide that a person edited it last.
 */
export const approvalsFileSchema = z.strictObject({
  schema: z.literal("slipway/approvals/v1"),
  environment: environmentNameSchema,
  model: modelNameSchema,
  approvals: z.array(approvalSchema).max(50),
});
export type ApprovalsFile = Readonly<z.infer<typeof approvalsFileSchema>>;

export function printApprovals(file: ApprovalsFile): string {
  return printYaml(z.encode(approvalsFileSchema, file));
}

export function parseApprovals(text: string, path: string): SchemaResult<ApprovalsFile> {
  return parseWithSchema(approvalsFileSchema, text, path);
}

/** What an approval must be of to count now. */
export interface Approvable {
  readonly digest: Digest;
  readonly manifests: Digest;
  readonly policy: BlobId;
}

/** Whether an approval is of exactly this. */
export function approves(approval: Approval, { digest, manifests, policy }: Approvable): boolean {
  return approval.digest === digest && approval.manifests === manifests && approval.policy === policy;
}

/** The policy file of a snapshot by its exact bytes; undefined where there is none. */
export function policyBlob(snapshot: EnvironmentsSnapshot): BlobId | undefined {
  return snapshot.entries.get(policyPath);
}
