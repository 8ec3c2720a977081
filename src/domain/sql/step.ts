/** A table to make, under a name of our own that stands quoted in SQL where it must. */
export type Step = {
  readonly table: string;
  readonly sql: string;
  /** Whatever is there by that name already says as much. */
  readonly keep?: true;
};
