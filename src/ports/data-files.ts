import type { DescribedFile } from "#domain/model/described-file.ts";
import type { InputFile } from "./evaluation-engine.ts";

/** Looks at data files that nobody has explained yet. */
export interface DataFiles {
  /** The columns of a file with their types and ranges; a file that cannot be read is refused with the reason. */
  describe(file: InputFile): Promise<FileDescription>;
}

export type FileDescription =
  | { readonly kind: "described"; readonly file: DescribedFile }
  | { readonly kind: "refused"; readonly reason: string };
