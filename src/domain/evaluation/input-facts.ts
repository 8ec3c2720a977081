/** What an engine finds in the files beside scores and labels, where the definition names such columns. */
export type InputFacts = {
  /** The distinct snapshots that each arm was computed on, in order; null where no column names them. */
  readonly snapshots: { readonly candidate: readonly string[]; readonly baseline: readonly string[] | null } | null;
  /** First and last time in each file that has the column; null where no column is named. */
  readonly times: { readonly candidate: TimeSpan | null; readonly baseline: TimeSpan | null; readonly labels: TimeSpan | null } | null;
  /** Evaluated units that are among those of training; null where no file names these. */
  readonly seen: { readonly units: number; readonly seen: number; readonly examples: readonly string[] } | null;
};

/** Milliseconds since the epoch, both ends included. */
export type TimeSpan = { readonly from: number; readonly to: number };
