import type { Formula, ItemValue } from "./formula.ts";
import { withParts } from "./formula.ts";
import type { Metric } from "./metric.ts";

/** A column of the catalogue that a metric reads, and what it must hold. */
export type ItemColumn = { readonly column: string; readonly holds: "number" | "text" | "vector" };

/** The columns of the catalogue that a metric reads, each once. */
export function itemColumnsOf({ formula }: Metric): readonly ItemColumn[] {
  const all = withParts(formula).flatMap((part): readonly ItemColumn[] => {
    switch (part.kind) {
      case "sum-over-items":
        return part.value.kind === "row" ? [] : [{ column: part.value.column, holds: holdsFor(part.value) }];
      case "mean-distance":
        return [{ column: part.column, holds: part.distance === "category" ? "text" : "vector" }];
      case "listed-items":
        return part.over === "taken_only" ? [{ column: part.column, holds: "number" }] : [];
      default:
        return [];
    }
  });
  return [...new Map(all.map((found) => [`${found.holds} ${found.column}`, found])).values()];
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
    return `${name} needs the catalogue: set evaluation.items to a file of the default branch with one row an item and the columns ${columns.join(", ")}`;
  }
  for (const value of values) {
    if (value.kind === "self-information" && value.users === 0)
      return `${name} needs to know how many users its column ${JSON.stringify(value.column)} counts: write {metric: ${spelling}, users: 120000}`;
    if (value.kind === "in-group" && value.group === "")
      return `${name} needs a group of items: write {metric: ${spelling}, name: ${family}_acme@${k}, column: ${value.column}, group: acme}`;
  }
  return null;
}

function holdsFor({ kind }: ItemValue): ItemColumn["holds"] {
  return kind === "in-group" ? "text" : "number";
}
