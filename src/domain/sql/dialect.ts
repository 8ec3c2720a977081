/**
 * The forms in which SQL dialects differ, as far as metrics need them; everything else is written once, in words that all of them read.
 * Conditional aggregates may be followed by OVER.
 */
export interface Dialect {
  /** A name of our own, quoted. It may hold a user's words, and tells "Acme" from "acme" although SQL's names ignore case. */
  name(words: string): string;
  text(value: string): string;
  /** A user's column as text, and as a number (NULL where it holds none). */
  textOf(column: string): string;
  numberOf(column: string): string;
  /** The n-th of some numbers, counted from 1; NULL beyond the last. */
  nthOf(numbers: readonly number[], n: string): string;
  /** Types: a number of 64 bits, and text that compares by its UTF-8 bytes. */
  readonly double: string;
  readonly string: string;
  countIf(condition: string): string;
  sumIf(value: string, condition: string): string;
  minIf(value: string, condition: string): string;
  anyOf(condition: string): string;
  /** A double rounded to a whole number whose sums are exact: below 2^62, and where `wide` below 2^101. */
  whole(value: string, wide: boolean): string;
  log2(value: string): string;
  /** The columns of a relation without some of them. */
  allBut(relation: string, columns: readonly string[]): string;
  /** What tells doubles apart in PARTITION BY. */
  partitionKey(value: string): string;
  /** An aggregate: the k-th greatest of a group's values, or the least where there are fewer; null where looking for it spares no work. */
  kthGreatest(value: string, k: number): string | null;
  /** What to select from: a row for each place from 1 to k, in column `k`. */
  places(k: number): string;
  /** A double in the precision of float32; null: the dialect has no such number. */
  float32(value: string): string | null;
  /** How far two vectors of doubles are from each other. */
  distance(kind: "hamming" | "euclidean" | "cosine", left: string, right: string): string;
  /** Whether a vector of doubles has a direction. */
  pointsSomewhere(vector: string): string;
}

/** An id in the form in which it is ordered and shown. */
export function idText(dialect: Dialect, id: string): string {
  return `CAST(${id} AS ${dialect.string})`;
}
