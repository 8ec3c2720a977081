import { sliceText } from "#domain/gate/slice.ts";
import { byBytes } from "./by-bytes.ts";
import type { PlainSliceColumn, SliceColumn } from "./scored-table.ts";
import { crossingOf, type SliceMembers, slicesIn } from "./slices-in.ts";

/** With fewer clusters a slice can hardly be proven worse at the confidence that many slices ask for. */
const fewestSearched = 100;
/** Each further slice widens the intervals of all. */
const mostSearched = 500;

/**
 * The slices that a search looks at: those declared and every pair of declared columns, of at least 100 clusters, the largest 500. Which
 * they are depends on what the units are alone, never on how they were answered: else a correction for their number would not hold.
 */
export function searchableSlices(columns: readonly SliceColumn[], clusters: readonly string[] | null): readonly SliceMembers[] {
  const sizeOf = (members: readonly number[]): number =>
    clusters === null || members.length < fewestSearched ? members.length : new Set(members.map((member) => clusters[member])).size;
  const enough = (members: readonly number[]): boolean => sizeOf(members) >= fewestSearched;
  const plain = plainColumns(columns);
  const pairs = plain.flatMap((first, index) =>
    plain
      .slice(index + 1)
      .filter((second) => nameOf(second) !== nameOf(first))
      .flatMap((second) => crossingOf(first, second, enough)),
  );
  const large = [...slicesIn(columns).slices, ...pairs].filter(({ members }) => enough(members));
  const distinct = [...new Map(large.map((found) => [JSON.stringify(Object.entries(found.slice).toSorted()), found])).values()];
  const sized = distinct.map((found) => ({ found, size: sizeOf(found.members), text: sliceText(found.slice) }));
  return sized
    .toSorted((a, b) => b.size - a.size || byBytes(a.text, b.text))
    .slice(0, mostSearched)
    .map(({ found }) => found);
}

/** The columns and buckets that are declared, alone or in a crossing, each once. */
function plainColumns(columns: readonly SliceColumn[]): readonly PlainSliceColumn[] {
  const all = columns.flatMap((column): readonly PlainSliceColumn[] => {
    if (column.kind === "predicate") return [];
    return column.kind === "cross" ? column.parts : [column];
  });
  return [...new Map(all.map((column) => [JSON.stringify(column.kind === "column" ? column.column : column.by), column])).values()];
}

function nameOf(column: PlainSliceColumn): string {
  return column.kind === "column" ? column.column : column.by.column;
}
