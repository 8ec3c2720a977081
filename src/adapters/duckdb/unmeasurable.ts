import { comparesArms, needsIndependentLabels } from "#domain/evaluation/formula.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { ScoredMetric } from "#domain/evaluation/scored-table.ts";

export type Unmeasurable = Extract<ScoredMetric, { kind: "unmeasurable" }>;

/** Why these files do not let a metric be measured; null where they do. */
export function unmeasurableBy(metric: Metric, labelsIndependent: boolean, hasBaseline: boolean): Unmeasurable | null {
  if (!hasBaseline && comparesArms(metric.formula)) {
    const message = `${metric.name} compares candidate and baseline, and there is no baseline.`;
    return { kind: "unmeasurable", metric, reason: "no-baseline", message };
  }
  if (labelsIndependent || !needsIndependentLabels(metric)) return null;
  const message = `Without a labels file, ${metric.name} needs both arms to list the same items, and they do not.`;
  return { kind: "unmeasurable", metric, reason: "labels-not-independent", message };
}
