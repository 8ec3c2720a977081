import { firstDistribution, gatedFirst, type UnitDifferences } from "#domain/evaluation/distribution.ts";
import type { Drawings } from "#domain/evaluation/drawings.ts";
import { rowCurves } from "./row-curves.ts";
import type { RowTable } from "./row-table.ts";

/** What is kept of the single rows for a reader to see. */
export function rowDrawings(
  table: RowTable,
  differencesOf: (metric: string) => UnitDifferences | null,
  gates: readonly { readonly metric: string }[],
  dataset: string,
): Drawings {
  const metrics = gatedFirst(
    gates,
    table.metrics.map(({ name }) => name),
  );
  const distribution = firstDistribution(metrics, dataset, differencesOf);
  const curves = rowCurves(table);
  return { ...(distribution && { distribution }), ...(curves.length > 0 && { curves }) };
}
