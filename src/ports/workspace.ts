import type { Digest } from "#domain/model/names.ts";

/**
 * One checked-out tree of a model repository, read as data: paths are relative to its root, nothing outside of it is read, no symbolic
 * link is followed, and nothing in it is ever run.
 */
export interface Workspace {
  /** A text that people write, at most 1 MiB. */
  text(path: string): Promise<TextOfFile>;
  /** Where a file lies on this machine. */
  locate(path: string): Promise<LocatedFile>;
  /** The regular files whose paths fit a pattern (`path-pattern.ts`), by the bytes of their paths; links are passed over. */
  matching(pattern: string): Promise<MatchingFiles>;
  /** SHA-256 of a located file's bytes, however large it is. */
  digest(file: string): Promise<Digest>;
  /** How many bytes a located file has. */
  size(file: string): Promise<number>;
}

type Refused = { readonly kind: "refused"; readonly reason: string };
type Missing = { readonly kind: "missing" };

export type TextOfFile = { readonly kind: "text"; readonly text: string } | Missing | Refused;
export type LocatedFile = { readonly kind: "file"; readonly file: string } | Missing | Refused;
export type MatchingFiles =
  | { readonly kind: "files"; readonly files: readonly { readonly path: string; readonly file: string }[] }
  | Refused;
