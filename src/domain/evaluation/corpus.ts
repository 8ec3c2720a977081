import type { Convention } from "./convention.ts";
import type { ItemLists, ListedItems } from "./scored-table.ts";

/** What one arm shows a set of units: what a corpus metric is computed from. */
export type Exposure = {
  /** The items that each unit is shown in its first k places, by number, ascending, each once. */
  readonly units: readonly (readonly number[])[];
  /** How often each item is shown, by number: a unit counts as its weight, however many queries it has. */
  readonly shown: Float64Array;
  /** The catalogue's items are numbered first; null where there is none. */
  readonly catalogue: ListedItems["catalogue"];
  /** For what is sampled: names dataset, metric and slice. */
  readonly seed: string;
};

/** Null: no value, because there is nothing to count. Describes these units themselves: a census, which has no interval. */
export type CorpusMeasure = (exposure: Exposure) => number | null;

/** What the units of a set are shown: each has the rows of its queries, in the order of the lists. */
export function exposureOf(
  lists: ItemLists,
  k: number,
  units: readonly (readonly number[])[],
  weights: readonly number[] | null,
  catalogue: ListedItems["catalogue"],
  seed: string,
): Exposure {
  const shown = new Float64Array(lists.itemCount);
  const seen = units.map((rows, unit) => {
    const items = rows.flatMap((row) => topOf(lists, row, k));
    const share = (weights?.[unit] ?? 1) / rows.length;
    for (const item of items) shown[item] = (shown[item] ?? 0) + share;
    return [...new Set(items)].toSorted((a, b) => a - b);
  });
  return { units: seen, shown, catalogue, seed };
}

function topOf({ starts, items }: ItemLists, row: number, k: number): readonly number[] {
  const from = starts[row] ?? 0;
  return [...items.subarray(from, Math.min(from + k, starts[row + 1] ?? from))];
}

/** How often each of the items that count is shown, zeros included. */
export function exposureOver({ shown, catalogue }: Exposure, over: Convention["over"]): Float64Array {
  if (over === "recommended_only") return shown.filter((times) => times > 0);
  const known = shown.subarray(0, catalogue?.size ?? 0);
  return over === "catalogue" ? known : known.filter((_, item) => catalogue?.taken?.[item] === 1);
}
