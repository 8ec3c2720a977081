/** What a look at a data file tells before anyone has said what its columns mean. */
export interface DescribedFile {
  /** As people call it in messages. */
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly DescribedColumn[];
}

export interface DescribedColumn {
  readonly name: string;
  readonly type: "number" | "text" | "boolean" | "other";
  /** How many different values, about. */
  readonly distinct: number;
  /** The values, in order, where they are few; else null. */
  readonly values: readonly string[] | null;
  /** Of numbers. */
  readonly least: number | null;
  readonly greatest: number | null;
  readonly whole: boolean;
}
