/** How values lie: the median (of an even number the mean of the middle two) and the 90th percentile (nearest rank: a value that occurred). */
export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p90: number;
  readonly longest: number;
}

/** null where there is nothing to say. */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b);
  const longest = sorted.at(-1);
  if (longest === undefined) return null;
  const upper = Math.floor(sorted.length / 2);
  const lower = Math.ceil(sorted.length / 2) - 1;
  const rank = Math.ceil(0.9 * sorted.length) - 1;
  return {
    count: sorted.length,
    median: ((sorted[lower] ?? longest) + (sorted[upper] ?? longest)) / 2,
    p90: sorted[rank] ?? longest,
    longest,
  };
}
