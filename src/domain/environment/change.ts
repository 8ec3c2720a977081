import { printTrailers, type Trailers } from "#domain/environment/trailers.ts";
import type { BlobId, CommitSha } from "#domain/model/names.ts";

/** One file of a change: new text, the exact bytes of a blob that Git already holds, or gone. */
export type FileWrite =
  | { readonly kind: "text"; readonly path: string; readonly text: string }
  | { readonly kind: "blob"; readonly path: string; readonly blob: BlobId }
  | { readonly kind: "delete"; readonly path: string };

/** One commit as a value: made on top of `base` or not at all. */
export interface Change {
  readonly base: CommitSha;
  readonly subject: string;
  readonly body?: string;
  readonly trailers: Trailers;
  readonly writes: readonly FileWrite[];
}

export function messageOf(change: Change): string {
  const subject = change.subject.replaceAll(/[\r\n]+/g, " ");
  return [subject, change.body, printTrailers(change.trailers)].filter((part) => part !== undefined && part !== "").join("\n\n") + "\n";
}
