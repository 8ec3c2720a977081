/** A table of a report page: what people read, and beside it what a column is sorted by. */
export interface PageTable {
  readonly caption: string;
  readonly columns: readonly { readonly title: string; readonly kind: "text" | "number" | "code" }[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Cell {
  readonly text: string;
  /** What the cell is sorted by where that is no text; null: nothing was measured, which comes last. */
  readonly sort?: number | null;
}

export const text = (written: string | null): Cell => ({ text: written ?? "" });

export const number = (written: string, sort: number | null): Cell => ({ text: written, sort });
