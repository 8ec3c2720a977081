import type { RowMetric } from "#domain/evaluation/rows/row-metric.ts";
import { parseRowMetric, type RowTask } from "#domain/evaluation/rows/row-metrics.ts";
import { columnsSchema } from "#domain/model/model-definition.ts";
import type { RowScoringRequest } from "#ports/evaluation-engine.ts";
import { fileIn } from "./scoring-request.ts";

/** A metric over rows by its name; `+sklearn` behind it is that library's convention. */
export function rowMetric(name: string, task: RowTask): RowMetric {
  const [metric = name, library] = name.split("+");
  const entry = library === "sklearn" ? ({ metric, name: `own_${metric}`, convention: "sklearn" } as const) : metric;
  const parsed = parseRowMetric(entry, task);
  if (parsed.kind === "unknown") throw new Error(parsed.message);
  return parsed.metric;
}

/** A request for JSON lines in a folder, with the columns' usual names and rows named by `row_id`. */
export function rowScoringRequest(
  folder: string,
  task: RowTask,
  { columns, ...over }: { readonly columns?: Partial<RowScoringRequest["columns"]> } & Partial<Omit<RowScoringRequest, "columns">>,
): RowScoringRequest {
  return {
    task,
    candidate: [fileIn(folder, "candidate.jsonl")],
    baseline: [fileIn(folder, "baseline.jsonl")],
    labels: null,
    metrics: [],
    slices: [],
    ...over,
    columns: { ...columnsSchema.parse({ row: "row_id" }), ...columns },
  };
}
