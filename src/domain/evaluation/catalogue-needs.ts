import { groupOf } from "./convention.ts";
import { type Formula, type ItemValue, withParts } from "./formula.ts";
import type { Metric } from "./metric.ts";

/** A column of the catalogue that a metric reads, and what it must hold. */
export type ItemColumn = { readonly column: string; readonly holds: "number" | "text" | "vector" };

/** The columns of the catalogue that a metric reads, each once. */
export function itemColumnsOf(metric: Metric): readonly ItemColumn[] {
  const read = withParts(metric.formula).flatMap((part): readonly ItemColumn[] => {
    switch (part.kind) {
      case "sum-over-items":
        return columnsOf(part.value);
      case "mean-distance":
        return [{ column: part.column, holds: part.distance === "category" ? "text" : "vector" }];
      case "listed-items":
        return part.over === "taken_only" ? [{ column: part.column, holds: "number" }] : [];
      default:
        return [];
    }
  });
  const group = labelledGroup(metric);
  const all: readonly ItemColumn[] = group === null ? read : [...read, { column: group[0], holds: "text" }];
  return [...new Map(all.map((found) => [`${found.holds} ${found.column}`, found])).values()];
}

/** The group of items whose labels alone count, a column and its value: performance for one provider or segment. Null: all labels count. */
export function labelledGroup({ formula, convention }: Metric): readonly [column: string, value: string] | null {
  const isOfItems = withParts(formula).some((part) => part.kind === "sum-over-items" && part.value.kind === "in-group");
  return isOfItems ? null : groupOf(convention.items);
}

/** Whether a metric counts over all items of the catalogue, or reads one of its columns. */
export function needsCatalogue(metric: Metric): boolean {
  return (
    itemColumnsOf(metric).length > 0 ||
    withParts(metric.formula).some((part) => part.kind === "catalogue-size" || (part.kind === "listed-items" && part.over === "catalogue"))
  );
}

/** What a model must still say before a metric can be measured, or null. */
export function catalogueProblem(metric: Metric, hasCatalogue: boolean, itemColumn: string): string | null {
  const values = withParts(metric.formula).flatMap((part: Formula): readonly ItemValue[] =>
    part.kind === "sum-over-items" ? [part.value] : [],
  );
  const { name, family, k } = metric;
  const spelling = k === null ? family : `${family}@${k}`;
  if (needsCatalogue(metric) && !hasCatalogue) {
    const columns = [itemColumn, ...itemColumnsOf(metric).map(({ column }) => column)].map((column) => JSON.stringify(column));
    return `${name} needs the catalogue: set evaluation.items to a file of the default branch with one row an item and the column${columns.length === 1 ? "" : "s"} ${columns.join(", ")}`;
  }
  for (const value of values) {
    if (value.kind === "self-information" && value.users === 0)
      return `${name} needs to know how many users its column ${JSON.stringify(value.column)} counts: write {metric: ${spelling}, users: 120000}`;
    if (value.kind === "in-group" && value.group === null)
      return `${name} needs a group of items, a column of the catalogue and its value: write {metric: ${spelling}, name: ${family}_acme@${k}, items: {provider: acme}}`;
  }
  return null;
}

function columnsOf(value: ItemValue): readonly ItemColumn[] {
  switch (value.kind) {
    case "row":
      return [];
    case "in-group":
      return value.group === null ? [] : [{ column: value.group[0], holds: "text" }];
    default:
      return [{ column: value.column, holds: "number" }];
  }
}
