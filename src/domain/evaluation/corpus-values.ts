import { exposureOf } from "./corpus.ts";
import type { Metric } from "./metric.ts";
import type { ItemLists } from "./scored-table.ts";
import type { UnitLists } from "./unit-table.ts";

export type CorpusValues = { readonly candidate: number | null; readonly baseline: number | null };

/** A corpus metric of a set of units, computed anew for every set: it is no mean that parts could be made of. No units, no value. */
export function corpusValues(metric: Metric, lists: UnitLists, weights: readonly number[] | null, seed: string): CorpusValues {
  const { candidate, baseline, catalogue, rows } = lists;
  const valueOf = (arm: ItemLists | null): number | null => {
    if (arm === null || metric.corpus === undefined || rows.length === 0) return null;
    return metric.corpus(exposureOf(arm, metric.k ?? 0, rows, weights, catalogue, seed));
  };
  return { candidate: valueOf(candidate), baseline: valueOf(baseline) };
}
