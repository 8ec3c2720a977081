import { sliceLeaves } from "#domain/evaluation/slice-columns.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";

/** What of a request BigQuery cannot do, in one sentence that says what to do instead; null: it can do all of it. */
export function unsupported({ labels, metrics, slices }: ScoringRequest): string | null {
  if (labels === null) return "the labels are a table of their own: name it in evaluation.labels";
  const lists = metrics.filter(({ corpus }) => corpus !== undefined);
  if (lists.length > 0)
    return `${namesOf(lists)} count the lists themselves, which would have to leave BigQuery: leave them out, or export the tables`;
  const single = metrics.filter(({ convention }) => convention.scores === "float32");
  if (single.length > 0) return `${namesOf(single)} compare scores in float32, which BigQuery does not have: leave out scores: float32`;
  const predicates = sliceLeaves(slices).filter((leaf) => leaf.kind === "predicate");
  if (predicates.length === 0) return null;
  const named = predicates.map(({ name }) => JSON.stringify(name)).join(", ");
  return `the slices ${named} are conditions in DuckDB's SQL: make them a column of the labels, and slice by its values`;
}

function namesOf(metrics: readonly { readonly name: string }[]): string {
  return metrics.map(({ name }) => name).join(", ");
}
