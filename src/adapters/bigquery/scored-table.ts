import { comparesArms, readsNeighbours } from "#domain/evaluation/formula.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { ArmCutoff, ListFacts, ScoredMetric } from "#domain/evaluation/scored-table.ts";
import type { MetricPlan } from "#domain/sql/metric-plan.ts";
import { BigQueryProblem } from "./bigquery-problem.ts";
import type { ArmTable } from "./read-arm.ts";

type Arms = { readonly candidate: ArmTable; readonly baseline: ArmTable | null };

/** The values of metrics as the domain takes them. */
export function scoredMetrics(plan: MetricPlan, { candidate, baseline }: Arms): readonly ScoredMetric[] {
  const own = candidate.flags("listed");
  const other = baseline?.flags("listed");
  const inAll = own.map((listed, row) => listed && other?.[row] !== false);
  return plan.values.map(({ metric, weight, clipped }, index): ScoredMetric => {
    const values = (arm: ArmTable): readonly (number | null)[] => counting(metric, arm.numbers(`value ${index}`), inAll);
    const ofLabels = (name: string): readonly number[] => candidate.numbers(`${name} ${index}`).map((value) => value ?? 0);
    return {
      kind: "scored",
      metric,
      candidate: values(candidate),
      baseline: baseline === null || comparesArms(metric.formula) ? null : values(baseline),
      ...(weight !== null && { weights: ofLabels("weight") }),
      ...(clipped !== null && { counts: { clipped: ofLabels("clipped") } }),
    };
  });
}

function counting({ convention }: Metric, values: readonly (number | null)[], inAll: readonly boolean[]): readonly (number | null)[] {
  return convention.missing === "intersect" ? values.map((value, row) => (inAll[row] === true ? value : null)) : values;
}

export function sameValues(plan: MetricPlan, left: ArmTable, right: ArmTable): boolean {
  return plan.values.every((_, index) => {
    const other = right.numbers(`value ${index}`);
    return left.numbers(`value ${index}`).every((value, row) => value === other[row]);
  });
}

export function cutoffOf(arm: ArmTable, k: number): ArmCutoff {
  return {
    listed: arm.sum(`listed_${k}`),
    judged: arm.sum(`judged_${k}`),
    tied: arm.flags(`tied_${k}`).filter((tied) => tied).length,
    queries: arm.flags("listed").filter((listed) => listed).length,
  };
}

export function listFactsOf(arm: ArmTable, likeLabels: ListFacts["likeLabels"]): ListFacts {
  const flat = arm.flags("flat");
  const lengths = arm.numbers("n");
  const found = lengths.filter((length) => length !== null).toSorted((a, b) => a - b);
  const several = lengths.flatMap((length, row) => (length !== null && length > 1 ? [flat[row] === true] : []));
  return {
    queries: found.length,
    shortest: found[0] ?? 0,
    median: found[Math.max(0, Math.ceil(found.length / 2) - 1)] ?? 0,
    longest: found.at(-1) ?? 0,
    tied: several.length > 0 && several.every((same) => same),
    likeLabels,
  };
}

/** Whether the first places say already that scores neither equal the labels nor follow their order. */
export function unlikeLabels(arm: ArmTable): boolean {
  return arm.flags("unequal").includes(true) && arm.flags("unordered").includes(true);
}

/** Refuses what a convention calls an error: a unit in which nothing is relevant, a labelled query that an arm lacks, too few neighbours. */
export function checkUnits(plan: MetricPlan, { candidate, baseline }: Arms): void {
  const queries = candidate.texts("query");
  for (const [index, { metric }] of plan.values.entries()) {
    const { name, k, convention, formula } = metric;
    if (convention.noRelevant === "error") {
      const row = candidate.numbers(`value ${index}`).indexOf(null);
      if (row !== -1)
        throw new BigQueryProblem(
          "unit-without-relevant",
          `Query ${JSON.stringify(queries[row])} has no relevant item, and ${name} says noRelevant: error. Correct the labels, or choose skip, zero or one.`,
        );
    }
    for (const [arm, table] of Object.entries({ candidate, baseline })) {
      const row = convention.missing === "error" ? (table?.flags("listed").indexOf(false) ?? -1) : -1;
      if (row !== -1)
        throw new BigQueryProblem(
          "queries-missing",
          `The ${arm}'s predictions lack the labelled query ${JSON.stringify(queries[row])}, and ${name} says missing: error. Make the predictions again, or choose zero or intersect.`,
        );
    }
    if (!readsNeighbours(formula) || k === null || convention.divisor !== "k") continue;
    const row = candidate.numbers("label rows").findIndex((rows) => rows !== null && rows < k);
    if (row !== -1)
      throw new BigQueryProblem(
        "neighbours-too-few",
        `The labels list too few exact neighbours of query ${JSON.stringify(queries[row])}, and ${name} compares ${k}: list at least as many, or choose divisor: capped.`,
      );
  }
}
