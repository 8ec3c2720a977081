import type { Digest } from "#domain/model/names.ts";
import type { InputFile } from "./evaluation-engine.ts";

/** Data outside of both trees, by the locations that `domain/evaluation/remote-location.ts` lets through. */
export interface RemoteSources {
  /** The data as an engine reads it: a copy on this machine, whole, or a table where it lies. The digest changes with the data; that of a view, with its definition alone. */
  locate(uri: string): Promise<LocatedRemote>;
}

export type LocatedRemote =
  | { readonly kind: "found"; readonly file: InputFile; readonly digest: Digest }
  | { readonly kind: "missing" }
  /** `reason` is a sentence that says what to do. */
  | { readonly kind: "refused"; readonly code: string; readonly reason: string };
