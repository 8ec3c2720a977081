import { type MetricEntry, parseMetricEntry } from "#domain/evaluation/metric-entry.ts";
import type { Task } from "#domain/model/task.ts";
import { parseRowMetric } from "./row-metrics.ts";

/** What is wrong with one of `evaluation.metrics`, or null when it is a metric of the task. */
export function metricProblem(entry: MetricEntry, task: Task): string | null {
  const parsed = task === "ranking" ? parseMetricEntry(entry) : parseRowMetric(entry, task);
  return parsed.kind === "unknown" ? parsed.message : null;
}
