import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";

/**
 * What a version of the search ranker is: one small JSON file, identified by the SHA-256 of its bytes. `serving` is what the ranker
 * costs in production, where it looks at each ranked document word by word; it changes nothing that an offline evaluation sees.
 */
const shape = {
  schema: z.literal("slipway-sandbox/ranker/v1"),
  version: z.string(),
  about: z.string(),
  text: z.strictObject({ suffix: z.boolean(), firstWords: z.int().positive().nullable() }),
  digits: z.int().min(0).max(10),
  serving: z.strictObject({ microsecondsPerWord: z.number().min(0) }),
};
const artifactSchema = z.discriminatedUnion("kind", [
  z.strictObject({ ...shape, kind: z.literal("cosine"), parameters: z.strictObject({}) }),
  z.strictObject({ ...shape, kind: z.literal("bm25"), parameters: z.strictObject({ k1: z.number().min(0), b: z.number().min(0).max(1) }) }),
]);
export type RankerArtifact = z.infer<typeof artifactSchema>;

export function readRankerArtifact(path: string): RankerArtifact {
  return parseRankerArtifact(readFileSync(path, "utf8"));
}

export function parseRankerArtifact(text: string): RankerArtifact {
  return artifactSchema.parse(JSON.parse(text));
}

/** `sha256:` and 64 hexadecimal digits, of the exact bytes. */
export function digestOf(bytes: Uint8Array | string): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
