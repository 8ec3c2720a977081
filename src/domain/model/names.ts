import { z } from "zod";

/**
 * The one validator for names, used at every ingress (files, comments, settings, API). Models and environments are DNS labels, because
 * they become Kubernetes object names and Git paths; 52 characters leave room for a `-<digest8>` suffix within 63.
 */
const dnsLabel = /^[a-z0-9](?:[a-z0-9-]{0,50}[a-z0-9])?$/;
const identifier = /^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$/;

export const modelNameSchema = z
  .string()
  .regex(dnsLabel, "a model name has 1 to 52 of a-z, 0-9 and '-', and neither starts nor ends with '-'")
  .brand<"ModelName">();
export type ModelName = z.infer<typeof modelNameSchema>;

export const environmentNameSchema = z
  .string()
  .regex(dnsLabel, "an environment name has 1 to 52 of a-z, 0-9 and '-', and neither starts nor ends with '-'")
  .brand<"EnvironmentName">();
export type EnvironmentName = z.infer<typeof environmentNameSchema>;

export const versionLabelSchema = z
  .string()
  .regex(
    /^[0-9A-Za-z][0-9A-Za-z._+-]{0,127}$/,
    "a version starts with a letter or digit and has at most 128 of letters, digits and . _ + -",
  )
  .brand<"VersionLabel">();
export type VersionLabel = z.infer<typeof versionLabelSchema>;

export const identifierSchema = z
  .string()
  .regex(identifier, "a name starts with a letter or digit and has at most 128 of letters, digits and . _ -");

export const digestSchema = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "a digest is 'sha256:' and 64 lower-case hexadecimal digits")
  .brand<"Digest">();
export type Digest = z.infer<typeof digestSchema>;

export const commitShaSchema = z
  .string()
  .regex(/^[0-9a-f]{40}$/, "a commit is 40 lower-case hexadecimal digits")
  .brand<"CommitSha">();
export type CommitSha = z.infer<typeof commitShaSchema>;

/** The name of a Git blob: it identifies exact bytes, so a rollback can name what it restores without carrying it. */
export const blobIdSchema = z
  .string()
  .regex(/^[0-9a-f]{40}$/)
  .brand<"BlobId">();
export type BlobId = z.infer<typeof blobIdSchema>;

export const repositoryNameSchema = z
  .string()
  .regex(/^[0-9A-Za-z](?:[0-9A-Za-z-]{0,38})\/[0-9A-Za-z._-]{1,100}$/, "a repository is written owner/name")
  .brand<"RepositoryName">();
export type RepositoryName = z.infer<typeof repositoryNameSchema>;

/** A GitHub user or App name, without the leading `@`. */
export const loginSchema = z
  .string()
  .regex(
    /^[0-9A-Za-z][0-9A-Za-z-]{0,38}(?:_[0-9A-Za-z]{1,16})?(?:\[bot\])?$/,
    "a login has at most 39 letters, digits and '-', and in an enterprise '_' and its short code",
  )
  .brand<"Login">();
export type Login = z.infer<typeof loginSchema>;

export const releaseIdSchema = z
  .string()
  .regex(/^r-[0-9a-f]{16}$/, "a release id is 'r-' and 16 hexadecimal digits")
  .brand<"ReleaseId">();
export type ReleaseId = z.infer<typeof releaseIdSchema>;

/** One version of a model: the label people read, and the digest that identifies the artifact. */
export const versionRefSchema = z.strictObject({ version: versionLabelSchema, digest: digestSchema });
export type VersionRef = Readonly<z.infer<typeof versionRefSchema>>;

/** The 64 hexadecimal digits of a digest, as file names use them. */
export function hexOf(digest: Digest): string {
  return digest.slice("sha256:".length);
}

/** The first 12 hexadecimal digits of a digest or commit: what people read. */
export function short(id: Digest | CommitSha): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}
