import { isOwnMetric, type MetricEntry } from "#domain/evaluation/metric-entry.ts";
import type { MetricPart } from "#domain/evaluation/metric-parts.ts";
import { readSpelling } from "#domain/evaluation/metrics.ts";
import { operational } from "#domain/evaluation/operational/operational-metrics.ts";
import { rowMetricFamilies } from "#domain/evaluation/rows/row-metrics.ts";
import type { EvaluationDefinition } from "#domain/model/model-definition.ts";
import { judgedMetric, judgedMetrics } from "./judged-metrics.ts";
import { ownMetric, type UnitMetric } from "./unit-metric.ts";

/** Metrics that a model defines itself, and those of a judge. */
export const ownMetrics: MetricPart = {
  has: (entry) => isOwnMetric(entry) || judgedMetrics.some(({ name }) => name === entry),
  problem: (entry, { task }) => {
    if (isOwnMetric(entry))
      return isTaken(entry.name) ? `the name ${JSON.stringify(entry.name)} is that of another metric: call this one something else` : null;
    if (task === "judged") return null;
    return `the metric ${JSON.stringify(entry)} is one of the task judged, and evaluation.task is ${task}`;
  },
};

/** Whether a metric of any task, or of a judge, is called so: gates and floors of all models mean that one. */
function isTaken(name: string): boolean {
  const [family] = name.split("@");
  return (
    readSpelling(name).kind === "spelled" ||
    rowMetricFamilies.some((known) => known.family === family) ||
    judgedMetrics.some((known) => known.name === name) ||
    operational.has(name)
  );
}

/** Those of a model's metrics that are computed from its predictions; files of scores are read apart. */
export function unitMetricsOf({ metrics, columns }: Pick<EvaluationDefinition, "metrics" | "columns">): readonly UnitMetric[] {
  return metrics.flatMap((entry: MetricEntry) => {
    if (isOwnMetric(entry)) return entry.scores === undefined ? [ownMetric(entry)] : [];
    return judgedMetric(entry, columns) ?? [];
  });
}
