import { hasNotableGap, judgedOnlyMetric, meanOfCounting } from "#domain/evaluation/judged-only.ts";
import type { CutoffFacts } from "#domain/evaluation/scored-table.ts";
import { type Item, metricValue } from "./metric-value.ts";

type Lists = ReadonlyMap<string, readonly Item[]>;
type Labels = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Adds nDCG over judged items alone where the judged shares differ notably. */
export function judgedOnlyOf(
  facts: CutoffFacts,
  lists: { candidate: Lists; baseline: Lists | null },
  labels: Labels,
  queries: readonly string[],
): CutoffFacts {
  const { baseline } = lists;
  if (baseline === null || !hasNotableGap(facts)) return facts;
  const metric = judgedOnlyMetric(facts.k);
  const mean = (arm: Lists): number | null =>
    meanOfCounting(queries.map((query) => metricValue(metric, arm.get(query) ?? null, labels.get(query) ?? new Map<string, number>())));
  return { ...facts, judgedOnly: { candidate: mean(lists.candidate), baseline: mean(baseline) } };
}
