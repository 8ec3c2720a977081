import { ascendingOrder } from "./ascending-order.ts";

/** Values with their average ranks from 1 and the sizes of the groups of equal values. */
export type MidRanks = { readonly ranks: readonly number[]; readonly ties: readonly number[] };

/**
 * Mid-ranks: the place of each value in ascending order, equal values sharing the mean of their places.
 *
 * Takes n log n steps. Shape: one rank per value, in the order given. Reference: Kruskal and Wallis 1952.
 */
export function midRanks(values: readonly number[]): MidRanks {
  const order = ascendingOrder(values);
  const ranks = values.map(() => 0);
  const ties: number[] = [];
  for (let start = 0; start < order.length; ) {
    const value = values[order[start] ?? 0];
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === value) end += 1;
    for (let place = start; place < end; place += 1) ranks[order[place] ?? 0] = (start + 1 + end) / 2;
    ties.push(end - start);
    start = end;
  }
  return { ranks, ties };
}

/** What equal values take from the variance of a rank sum: the sum of `t³ - t` over groups of t equal values. */
export function tieCorrection(ties: readonly number[]): number {
  return ties.reduce((sum, size) => sum + size ** 3 - size, 0);
}
