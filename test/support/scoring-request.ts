import { join } from "node:path";
import type { Convention } from "#domain/evaluation/convention.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import { parseMetric } from "#domain/evaluation/metrics.ts";
import type { InputFile, ScoringRequest } from "#ports/evaluation-engine.ts";

/** A metric by its name, for tests that know it exists. */
export function metric(name: string, convention: Partial<Convention> = {}): Metric {
  const parsed = parseMetric(name, convention);
  if (parsed.kind === "unknown") throw new Error(parsed.message);
  return parsed.metric;
}

/** A file of a folder, called by its own name. */
export function fileIn(folder: string, name: string): InputFile {
  return { path: join(folder, name), name };
}

/** A request for JSON lines in a folder, with the columns' usual names. */
export function scoringRequest(folder: string, over: Partial<ScoringRequest> = {}): ScoringRequest {
  return {
    candidate: [fileIn(folder, "candidate.jsonl")],
    baseline: [fileIn(folder, "baseline.jsonl")],
    labels: [fileIn(folder, "labels.jsonl")],
    columns: { query: "query_id", item: "item_id", score: "score", label: "label" },
    metrics: [metric("ndcg@2"), metric("recall@2"), metric("mrr")],
    slices: [],
    ...over,
  };
}
