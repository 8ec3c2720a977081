import type { GatePresetName } from "#domain/gate/gate-preset.ts";
import type { DescribedColumn, DescribedFile } from "./described-file.ts";
import { type ColumnRole, guessColumn } from "./guess-columns.ts";

/** Fewer rows a query than this are no lists to rank. */
const fewestRowsAQuery = 1.5;

/** More different numbers than this are values, not grades or classes. */
const mostClasses = 20;

/** Names that only a question has; users and sessions also repeat in rows that are no lists. */
const questions = /^(?:query|q|qid|search|topic|request)/i;

/** Above this share of different values a column names rows, counted approximately. */
const uniqueShare = 0.8;

/**
 * What the files are probably evaluated as; null when they do not tell.
 *
 * @param query the column that could name queries, `item` the one that could name items; undefined where there is none
 */
export function guessTask(
  predictions: DescribedFile,
  {
    query,
    item,
    label,
  }: { readonly query: string | undefined; readonly item: string | undefined; readonly label: DescribedColumn | undefined },
): GatePresetName | null {
  if (repeats(predictions, query)) {
    const items = predictions.columns.find(({ name }) => name === item);
    const areLists = items !== undefined && items.distinct < uniqueShare * predictions.rows;
    if (areLists || questions.test(query ?? "")) return "ranking";
  }
  if (label === undefined) return null;
  if (label.type === "boolean" || label.distinct <= 2) return "classification";
  if (label.type === "number" && (!label.whole || label.distinct > mostClasses)) return "regression";
  return null;
}

/** What single columns tell, whose names no other task has. */
export function taskByColumns(predictions: DescribedFile, labels: DescribedFile | null): GatePresetName | null {
  const has = (role: ColumnRole, files: readonly DescribedFile[]): boolean => guessColumn(role, files, []).kind === "guessed";
  const truth = labels ?? predictions;
  if (has("propensity", [truth]) && has("reward", [truth])) return "bandit";
  if (has("preference", [predictions]) || has("judge", [predictions]) || has("prompt", [predictions])) return "judged";
  const ordered = labels !== null && (has("rank", [labels]) || has("distance", [labels]));
  return ordered && !has("label", [labels]) ? "retrieval" : null;
}

/** Whether a column has several rows a value. */
export function repeats(file: DescribedFile, column: string | undefined): boolean {
  const found = file.columns.find(({ name }) => name === column);
  return found !== undefined && file.rows >= fewestRowsAQuery * found.distinct;
}
