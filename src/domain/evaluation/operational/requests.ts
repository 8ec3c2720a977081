/** What was measured of one arm's requests, one row a request, in one order for all columns. */
export type ArmRequests = {
  /** In milliseconds. */
  readonly latency: readonly number[] | null;
  /** Of each request, in any one currency. */
  readonly cost: readonly number[] | null;
  /** The block in which each request ran; null: not said. */
  readonly blocks: readonly string[] | null;
  /** When each request started, in anything that grows; null: not said. */
  readonly started: readonly string[] | null;
  /** Facts of the arm that are no requests. */
  readonly sizeBytes: number | null;
  readonly costPer1k: number | null;
  /** On which machines it ran; empty: not said. */
  readonly machines: readonly string[];
};

/** How many requests are needed to speak of a quantile: ten on its thinner side, and never fewer than thirty. 1,000 for p99. */
export function fewestRequests(q: number): number {
  // 10 / (1 - 0.99) is 999.9999999999991 in binary.
  return Math.max(30, Math.ceil(10 / Math.min(q, 1 - q) - 1e-6));
}

/** Ranks of texts from 0, equal ones alike: by number where all are numbers, else by their characters (as ISO times are ordered). */
export function ranksOf(texts: readonly string[]): readonly number[] {
  const distinct = [...new Set(texts)];
  const numeric = distinct.every((text) => text.trim() !== "" && Number.isFinite(Number(text)));
  const ordered = numeric ? distinct.toSorted((a, b) => Number(a) - Number(b)) : distinct.toSorted((a, b) => (a < b ? -1 : 1));
  const rank = new Map(ordered.map((text, index) => [text, index]));
  return texts.map((text) => rank.get(text) ?? 0);
}

/** An arm of which nothing was measured. */
export const noRequests: ArmRequests = {
  latency: null,
  cost: null,
  blocks: null,
  started: null,
  sizeBytes: null,
  costPer1k: null,
  machines: [],
};
