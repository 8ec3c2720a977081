import type { GatePresetName } from "#domain/gate/gate-preset.ts";
import type { DescribedColumn, DescribedFile } from "./described-file.ts";

/** Fewer rows a query than this are no lists to rank. */
const fewestRowsAQuery = 1.5;

/** More different numbers than this are values, not grades or classes. */
const mostClasses = 20;

/**
 * What the files are probably evaluated as; null when they do not tell.
 *
 * @param query the column that could name queries; undefined when there is none
 */
export function guessTask(
  predictions: DescribedFile,
  query: string | undefined,
  label: DescribedColumn | undefined,
): GatePresetName | null {
  const queries = predictions.columns.find(({ name }) => name === query);
  if (queries !== undefined && predictions.rows >= fewestRowsAQuery * queries.distinct) return "ranking";
  if (label === undefined) return null;
  if (label.type === "boolean" || label.distinct <= 2) return "classification";
  if (label.type === "number" && (!label.whole || label.distinct > mostClasses)) return "regression";
  return null;
}
