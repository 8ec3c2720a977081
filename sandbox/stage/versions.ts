import { readFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf, parseRankerArtifact } from "#sandbox/rankers/ranker-artifact.ts";

/** The rankers of the story. */
export const versions = {
  /** TF-IDF cosine: live when the story begins. */
  baseline: version("cosine"),
  /** BM25 that sees only the beginning of each document: worse. */
  worse: version("bm25-truncated"),
  /** BM25: better offline, slow in production. */
  slow: version("bm25"),
  /** BM25 over an index made ahead of time: better, and fast. */
  fix: version("bm25-indexed"),
  /** The same, tuned: as good, and as fast. */
  tuned: version("bm25-tuned"),
} as const satisfies Record<string, RankerVersion>;

export interface RankerVersion {
  readonly version: string;
  readonly digest: string;
  readonly file: string;
  readonly bytes: Uint8Array;
}

function version(name: string): RankerVersion {
  const file = join(import.meta.dirname, "../rankers/artifacts", `${name}.json`);
  const bytes = readFileSync(file);
  return { version: parseRankerArtifact(bytes.toString()).version, digest: digestOf(bytes), file, bytes };
}
