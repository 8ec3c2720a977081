import type { EvaluationDefinition } from "#domain/model/model-definition.ts";
import type { MetricEntry } from "./metric-entry.ts";
import { operational } from "./operational/operational-metrics.ts";
import { ownMetrics } from "./units/own-metrics.ts";

/** Metrics that are measured beside the task's own, by other files or other means: one part of a report. */
export type MetricPart = {
  /** Whether an entry of `evaluation.metrics` is one of this part's. */
  readonly has: (entry: MetricEntry) => boolean;
  /** What is wrong with such an entry; null when it can be measured as the model describes it. */
  readonly problem: (entry: MetricEntry, evaluation: Pick<EvaluationDefinition, "task" | "columns">) => string | null;
};

/** Every part, in the order of a report. A new one is one line here and one in `flows/measure-parts.ts`. */
const metricParts: readonly MetricPart[] = [ownMetrics, operational];

/** The part that measures an entry; null: the task's own metrics do. */
export function partOf(entry: MetricEntry): MetricPart | null {
  return metricParts.find(({ has }) => has(entry)) ?? null;
}

/** The entries that the task's own metrics answer for. */
export function taskEntries(metrics: readonly MetricEntry[]): readonly MetricEntry[] {
  return metrics.filter((entry) => partOf(entry) === null);
}
