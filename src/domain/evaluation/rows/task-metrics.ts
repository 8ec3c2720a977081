import { comparesArms } from "#domain/evaluation/formula.ts";
import { listMetricProblem } from "#domain/evaluation/list-metrics.ts";
import { type MetricEntry, metricEntryName, parseMetricEntry } from "#domain/evaluation/metric-entry.ts";
import { partOf } from "#domain/evaluation/metric-parts.ts";
import { judgedMetrics } from "#domain/evaluation/units/judged-metrics.ts";
import type { EvaluationDefinition } from "#domain/model/model-definition.ts";
import { isListTask } from "#domain/model/task.ts";
import { inputProblem } from "./row-columns.ts";
import { parseRowMetric } from "./row-metrics.ts";

/** What is wrong with one of `evaluation.metrics`, or null when it can be measured from the columns that are declared. */
export function metricProblem(
  entry: MetricEntry,
  evaluation: Pick<EvaluationDefinition, "task" | "columns" | "clicks" | "items">,
): string | null {
  const { task, columns } = evaluation;
  const part = partOf(entry);
  if (part !== null) return part.problem(entry, evaluation);
  if (isListTask(task)) return listMetricProblem(entry, evaluation);
  if (task === "judged") {
    const known = judgedMetrics.map(({ name }) => name).join(", ");
    return `there is no metric ${JSON.stringify(metricEntryName(entry))} of the task judged, which has ${known}; define it with column, sql or scores`;
  }
  const parsed = parseRowMetric(entry, task);
  return parsed.kind === "unknown" ? parsed.message : inputProblem(parsed.metric, task, columns);
}

/** Why candidate and baseline are not compared by a metric; null where they can be, and where the metric is not known. */
export function whyNotCompared(entry: MetricEntry, { task }: Pick<EvaluationDefinition, "task">): string | null {
  if (partOf(entry) !== null || task === "judged") return null;
  const parsed = isListTask(task) ? parseMetricEntry(entry) : parseRowMetric(entry, task);
  if (parsed.kind === "unknown") return null;
  const { metric } = parsed;
  const isCensus = "estimator" in metric ? metric.estimator.kind === "census" : metric.corpus !== undefined;
  if ("formula" in metric && comparesArms(metric.formula))
    return "compares candidate and baseline itself, so it is not compared again: use atLeast, atMost or between";
  if (isCensus) return "describes what was evaluated and has no interval, so it is not compared: use atLeast, atMost or between";
  if (metric.better === "target")
    return "is best at a target and not the higher or the lower the better, so it is not compared: use between";
  return null;
}
