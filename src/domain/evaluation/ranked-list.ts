import { byBytes } from "./by-bytes.ts";
import type { Convention } from "./convention.ts";
import type { ListedItem } from "./report.ts";

export type UnrankedItem = Omit<ListedItem, "rank">;

const mostPlaces = 20;
/** Where a metric reads lists to their end. */
const usualPlaces = 10;

/** The first places of a list in the order of a metric: as it compares scores, by its rule for equal ones, unjudged items as it wants them. */
export function rankedList(
  items: readonly UnrankedItem[],
  k: number | null,
  { ties, scores, unjudged }: Convention,
): readonly ListedItem[] {
  const compared = (score: number): number => (scores === "float64" ? score : Math.fround(score));
  const gradeOf = ({ label }: UnrankedItem): number => Math.max(label ?? 0, 0);
  const tied = (a: UnrankedItem, b: UnrankedItem): number => {
    if (ties === "id_asc") return byBytes(a.item, b.item);
    return (ties === "worst" ? gradeOf(a) - gradeOf(b) : 0) || byBytes(b.item, a.item);
  };
  return items
    .filter(({ label }) => unjudged !== "skip" || label !== null)
    .toSorted((a, b) => compared(b.score) - compared(a.score) || tied(a, b))
    .slice(0, Math.min(k ?? usualPlaces, mostPlaces))
    .map(({ item, score, label }, index) => ({ rank: index + 1, item, score, label }));
}
