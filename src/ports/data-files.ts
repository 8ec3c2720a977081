import type { DescribedFile } from "#domain/model/described-file.ts";
import type { InputFile } from "./evaluation-engine.ts";

/** Looks at data files themselves: what they hold, and which of their rows are of one unit. */
export interface DataFiles {
  /** The columns of a file with their types and ranges; a file that cannot be read is refused with the reason. */
  describe(file: InputFile): Promise<FileDescription>;
  /** The rows of a file that hold these texts, by column: the first `most` of them in the order of the file, every column as text. */
  findRows(file: InputFile, where: Readonly<Record<string, string>>, most: number): Promise<FoundRows>;
}

export type FileDescription =
  | { readonly kind: "described"; readonly file: DescribedFile }
  | { readonly kind: "refused"; readonly reason: string };

export type FoundRows =
  | { readonly kind: "rows"; readonly columns: readonly string[]; readonly rows: readonly FoundRow[]; readonly total: number }
  | { readonly kind: "refused"; readonly reason: string };

/** `row` counts the file's rows from 1, a header left aside; an empty cell is null. */
export type FoundRow = { readonly row: number; readonly cells: readonly (string | null)[] };
