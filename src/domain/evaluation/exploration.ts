import type { SliceColumn } from "./scored-table.ts";
import type { SliceMembers } from "./slices-in.ts";

/** What can be looked at of one compared metric beside its measurements. Nothing here is ever judged. */
export type Exploration = {
  readonly metric: string;
  readonly better: "higher" | "lower";
  readonly sliceColumns: readonly SliceColumn[];
  /** Each unit's cluster; null: every unit is its own. */
  readonly clusters: readonly string[] | null;
  /** The difference candidate - baseline in any slice; null where its interval is resampled or there is none, so that no slice can be searched. */
  readonly differenceIn: ((slice: SliceMembers, confidence: number) => SliceDifference) | null;
};

export type SliceDifference = {
  readonly clusters: number;
  readonly value: number | null;
  readonly standardError: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
};

/** Finds a metric by its name; null where it is another part's, compares nothing or has no direction. */
export type Explore = (metric: string) => Exploration | null;

/** The first of some metrics, those of gates first, that can be looked at, or that can be looked at in one way. */
export function firstExplored(
  metrics: readonly string[],
  explore: Explore,
  suits: (exploration: Exploration) => boolean = () => true,
): Exploration | null {
  for (const metric of new Set(metrics)) {
    const found = explore(metric);
    if (found !== null && suits(found)) return found;
  }
  return null;
}
