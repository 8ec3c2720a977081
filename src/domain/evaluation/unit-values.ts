import { type Compare, type ComparedUnits, compareLists } from "./compared-units.ts";
import type { MeasuredPart } from "./measured-part.ts";
import { compareRows } from "./rows/compare-rows.ts";
import type { RowAnswer } from "./rows/row-table.ts";
import type { ScoringAnswer } from "./scored-table.ts";

/** What one unit brings to a metric. */
export interface UnitValue {
  readonly metric: string;
  readonly baseline: number | null;
  readonly candidate: number | null;
  /** Units that count in both arms, this one among them or not. */
  readonly units: number;
}

/** How the units of each metric compare, whichever part of the evaluation measured it. */
export function comparisons(answer: ScoringAnswer | RowAnswer, others: readonly MeasuredPart[]): readonly Compare[] {
  const ofTask = answer.table === null ? null : "kind" in answer ? compareRows(answer.table) : compareLists(answer.table);
  return [ofTask, ...others.map(({ compare }) => compare)].flatMap((compare) => compare ?? []);
}

/** The metrics in the order of the evaluation: the task's own, then the others. */
export function comparedMetrics(answer: ScoringAnswer | RowAnswer, others: readonly MeasuredPart[]): readonly string[] {
  const ofTask = "kind" in answer ? answer.table?.metrics.map(({ name }) => name) : answer.table?.metrics.map(({ metric }) => metric.name);
  return [...new Set([...(ofTask ?? []), ...others.flatMap(({ measurements }) => measurements.map(({ metric }) => metric))])];
}

/** A metric's units, from the first part that knows it. */
export function comparedIn(compares: readonly Compare[], metric: string): ComparedUnits | null {
  for (const compare of compares) {
    const found = compare(metric);
    if (found !== null) return found;
  }
  return null;
}

/** One unit's own values, of the metrics that have a value a unit. Empty: no metric knows the unit. */
export function unitValues(compares: readonly Compare[], metrics: readonly string[], id: string): readonly UnitValue[] {
  return metrics.flatMap((metric) => {
    const compared = comparedIn(compares, metric);
    const at = compared?.ids.indexOf(id) ?? -1;
    if (compared === null || at === -1) return [];
    const { candidate, baseline } = compared;
    const units = candidate.reduce((count: number, value, index) => count + (value !== null && baseline[index] != null ? 1 : 0), 0);
    return [{ metric, baseline: baseline[at] ?? null, candidate: candidate[at] ?? null, units }];
  });
}
