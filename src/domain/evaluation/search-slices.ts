import type { Slice } from "#domain/gate/slice.ts";
import type { Exploration } from "./exploration.ts";
import type { SliceSearch } from "./report.ts";
import { searchableSlices } from "./searchable-slices.ts";

const mostShown = 10;

function noSearch(reason: string): NonNullable<SliceSearch["why"]> {
  return { slices: reason, confidence: reason };
}

type Found = SliceSearch["worst"][number] & { readonly errors: number };

/**
 * Looks for the slices where a candidate is worst. The interval of the worst of 40 slices without any effect excludes 0 in two of three
 * evaluations, so each interval has the confidence `1 - 0.05 / m` (Bonferroni): that one of m excludes 0 by chance happens in at most 5 %.
 * Slices are ordered by their difference in its own standard errors, so the proven ones come first.
 */
export function searchSlices({ metric, better, sliceColumns, clusters, differenceIn }: Exploration): SliceSearch {
  const nothing = { metric, better, slices: 0, confidence: null, worse: 0, worst: [] };
  if (differenceIn === null) return { ...nothing, why: noSearch("interval-not-closed-form") };
  const slices = searchableSlices(sliceColumns, clusters);
  if (slices.length === 0) return { ...nothing, why: noSearch("no-slice-of-100-clusters") };
  const confidence = 1 - 0.05 / slices.length;
  const sign = better === "higher" ? 1 : -1;
  const found = slices.flatMap((slice): readonly Found[] => {
    const { clusters: size, value, standardError, lower, upper } = differenceIn(slice, confidence);
    if (value === null || standardError === null || lower === null || upper === null || sign * value >= 0) return [];
    const own: Slice = slice.slice;
    return [{ slice: { ...own }, clusters: size, difference: value, standardError, lower, upper, errors: (sign * value) / standardError }];
  });
  const isWorse = ({ lower, upper }: Found): boolean => (better === "higher" ? upper < 0 : lower > 0);
  return {
    metric,
    better,
    slices: slices.length,
    confidence,
    worse: found.filter(isWorse).length,
    // Sorting is stable: of equals the larger slice comes first, then the one first by name.
    worst: found
      .toSorted((a, b) => a.errors - b.errors)
      .slice(0, mostShown)
      .map(({ errors: _, ...shown }) => shown),
  };
}
