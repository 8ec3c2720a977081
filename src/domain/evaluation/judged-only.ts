import { exactSum } from "#domain/statistics/exact-sum.ts";
import type { Metric } from "./metric.ts";
import { parseMetric } from "./metrics.ts";
import type { ArmCutoff, CutoffFacts } from "./scored-table.ts";

/** Above this difference in judged share, the arm that shows more unjudged items looks worse than it is. */
const notableGap = 0.05;

export function judgedShare({ judged, listed }: ArmCutoff): number {
  return listed === 0 ? 0 : judged / listed;
}

export function hasNotableGap({ candidate, baseline }: CutoffFacts): boolean {
  return baseline !== null && Math.abs(judgedShare(candidate) - judgedShare(baseline)) > notableGap;
}

/** What is shown beside a notable gap: nDCG of the lists without their unjudged items. */
export function judgedOnlyMetric(k: number): Metric {
  const parsed = parseMetric(`ndcg@${k}`, { unjudged: "skip" });
  if (parsed.kind === "unknown") throw new RangeError(parsed.message);
  return parsed.metric;
}

/** The mean over the queries that count; null where none does. */
export function meanOfCounting(values: readonly (number | null)[]): number | null {
  const counting = values.filter((value) => value !== null);
  return counting.length === 0 ? null : exactSum(counting) / counting.length;
}
