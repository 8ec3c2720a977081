import { byBytes } from "#domain/evaluation/by-bytes.ts";
import { itemColumnsOf, labelledGroup, needsCatalogue } from "#domain/evaluation/catalogue-needs.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { ItemFacts, ItemLists, ListedItems } from "#domain/evaluation/scored-table.ts";
import type { Catalogue } from "./catalogue-value.ts";
import { firstItems, type Item } from "./metric-value.ts";

type Lists = ReadonlyMap<string, readonly Item[]>;

/** The lists that a corpus metric counts, with items numbered as an engine does: the catalogue's by their bytes, then the others. */
export function corpusLists(
  metric: Metric,
  queries: readonly string[],
  candidate: Lists,
  baseline: Lists | null,
  catalogue: Catalogue,
): ListedItems {
  const tops = (lists: Lists): readonly (readonly string[])[] => queries.map((query) => firstItems(metric, lists.get(query) ?? []));
  const [own, other] = [tops(candidate), baseline === null ? null : tops(baseline)];
  const known = [...catalogue.keys()].toSorted(byBytes);
  const others = [...new Set([...own, ...(other ?? [])].flat())].filter((id) => !catalogue.has(id)).toSorted(byBytes);
  const numbers = new Map([...known, ...others].map((id, number) => [id, number]));
  const listsOf = (arm: readonly (readonly string[])[]): ItemLists => ({
    starts: Int32Array.from([0, ...arm.map((_, row) => arm.slice(0, row + 1).flat().length)]),
    items: Int32Array.from(arm.flat(), (id) => numbers.get(id) ?? -1),
    itemCount: numbers.size,
  });
  const [column] = itemColumnsOf(metric);
  const taken = column === undefined ? null : Uint8Array.from(known, (id) => (Number(catalogue.get(id)?.[column.column] ?? 0) > 0 ? 1 : 0));
  return {
    kind: "lists",
    metric,
    candidate: listsOf(own),
    baseline: other === null ? null : listsOf(other),
    catalogue: catalogue.size === 0 ? null : { size: catalogue.size, taken },
  };
}

/** How many of the listed items the catalogue describes, for each column and cutoff that is asked for. */
export function itemFactsOf(
  metrics: readonly Metric[],
  queries: readonly string[],
  candidate: Lists,
  baseline: Lists | null,
  catalogue: Catalogue,
): { readonly items?: readonly ItemFacts[] } {
  const asked = metrics
    .filter((metric) => needsCatalogue(metric) && labelledGroup(metric) === null)
    .flatMap((metric) => {
      const columns = itemColumnsOf(metric).map(({ column }): string | null => column);
      return (columns.length === 0 ? [null] : columns).map((column) => ({ metric, column }));
    });
  if (asked.length === 0) return {};
  const each = new Map(asked.map((one) => [`${one.metric.k} ${one.column}`, one]));
  const facts = [...each.values()].map(({ metric, column }): ItemFacts => {
    const count = (lists: Lists) => {
      const ids = queries.flatMap((query) => firstItems(metric, lists.get(query) ?? []));
      const described = ids.filter((id) => (column === null ? catalogue.has(id) : (catalogue.get(id)?.[column] ?? null) !== null));
      return { listed: ids.length, described: described.length };
    };
    return { k: metric.k ?? 0, column, candidate: count(candidate), baseline: baseline === null ? null : count(baseline) };
  });
  return { items: facts };
}
