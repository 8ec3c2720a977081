import { catalogueProblem } from "#domain/evaluation/catalogue-needs.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import { type MetricEntry, parseMetricEntry } from "#domain/evaluation/metric-entry.ts";
import { partOf } from "#domain/evaluation/metric-parts.ts";
import { propensityOf } from "#domain/evaluation/propensity.ts";
import type { EvaluationDefinition } from "#domain/model/model-definition.ts";
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
  if (task === "ranking") {
    const parsed = parseMetricEntry(entry, columns);
    if (parsed.kind === "unknown") return parsed.message;
    return clickProblem(parsed.metric, evaluation) ?? catalogueProblem(parsed.metric, evaluation.items !== undefined, columns.item);
  }
  const parsed = parseRowMetric(entry, task);
  return parsed.kind === "unknown" ? parsed.message : inputProblem(parsed.metric, task, columns);
}

function clickProblem({ name, convention }: Metric, { columns, clicks }: Pick<EvaluationDefinition, "columns" | "clicks">): string | null {
  if (convention.clicks === "plain") return null;
  const propensity = propensityOf(columns, clicks);
  return propensity.kind === "undeclared" ? `Metric ${JSON.stringify(name)}: ${propensity.problem}.` : null;
}

/** Why candidate and baseline are not compared by a metric; null where they can be, and where the metric is not known. */
export function whyNotCompared(entry: MetricEntry, { task }: Pick<EvaluationDefinition, "task">): string | null {
  const parsed = task === "ranking" ? parseMetricEntry(entry) : parseRowMetric(entry, task);
  if (parsed.kind === "unknown") return null;
  const { metric } = parsed;
  const isCensus = "estimator" in metric ? metric.estimator.kind === "census" : metric.corpus !== undefined;
  if (isCensus) return "describes what was evaluated and has no interval, so it is not compared: use atLeast, atMost or between";
  if (metric.better === "target")
    return "is best at a target and not the higher or the lower the better, so it is not compared: use between";
  return null;
}
