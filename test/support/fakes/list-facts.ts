import type { ListFacts } from "#domain/evaluation/scored-table.ts";
import type { Item } from "./metric-value.ts";

type Labels = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** What one arm's lists look like, counted one by one. */
export function listFactsOf(lists: ReadonlyMap<string, readonly Item[]>, labels: Labels, queries: readonly string[]): ListFacts {
  const own = queries.flatMap((query) => {
    const items = lists.get(query);
    return items === undefined ? [] : [items.map(({ id, score }) => ({ score, label: labels.get(query)?.get(id) }))];
  });
  const lengths = own.map((items) => items.length).toSorted((a, b) => a - b);
  const longer = own.filter((items) => items.length > 1);
  const telling = own.filter((items) => new Set(items.map(({ label = 0 }) => label)).size > 1);
  const equal = own.every((items) => items.every(({ score, label }) => label === undefined || label === score));
  const ordered = telling.every((items) => items.every((a) => items.every((b) => (a.label ?? 0) <= (b.label ?? 0) || a.score > b.score)));
  return {
    queries: own.length,
    shortest: lengths[0] ?? 0,
    median: lengths[Math.ceil(lengths.length / 2) - 1] ?? 0,
    longest: lengths.at(-1) ?? 0,
    tied: longer.length > 0 && longer.every((items) => items.every(({ score }) => score === items[0]?.score)),
    likeLabels: telling.length < 30 ? null : equal ? "equal" : ordered ? "ordered" : null,
  };
}
