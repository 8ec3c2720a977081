import type { PreflightFinding } from "#domain/evaluation/report.ts";
import { columnOf, type SliceDefinition, slicedBy } from "#domain/model/slice-definition.ts";
import type { UnitMetric } from "./unit-metric.ts";
import type { UnitAnswer } from "./unit-scores.ts";

/** The slices that lie across units and can be taken of the rows of each: every row says by itself where it is. */
export function dividedSlices({ table }: UnitAnswer): readonly SliceDefinition[] {
  return (table?.dividing ?? []).filter(areOfRows);
}

/** What of a model's own metrics is not measured in slices that lie across units: quantiles are of all rows together. */
export function undivided({ table }: UnitAnswer, metrics: readonly UnitMetric[]): readonly PreflightFinding[] {
  const left = (table?.dividing ?? []).filter((definition) => !areOfRows(definition));
  if (left.length === 0) return [];
  return [finding(metrics, left, "Name the edges of the buckets (buckets: [10, 50]) instead of quantiles.")];
}

/** The same of a file of scores: a unit has one score, whatever its rows are. */
export function undividedScores({ table }: UnitAnswer, metric: UnitMetric): readonly PreflightFinding[] {
  const left = table?.dividing ?? [];
  if (left.length === 0) return [];
  return [
    finding(
      [metric],
      left,
      "Its file has one score a unit: slice by what is the same for all rows of a unit, or define the metric by an expression.",
    ),
  ];
}

function areOfRows(definition: SliceDefinition): boolean {
  return (slicedBy(definition) ?? []).every((slice) => typeof slice === "string" || "buckets" in slice);
}

function calledSlice(definition: SliceDefinition): string {
  if (typeof definition === "object" && "where" in definition) return definition.name;
  return (slicedBy(definition) ?? []).map(columnOf).join(" and ");
}

function finding(metrics: readonly UnitMetric[], left: readonly SliceDefinition[], advice: string): PreflightFinding {
  const names = metrics.map(({ name }) => name).join(", ");
  const slices = left.map(calledSlice).join(", ");
  const message = `${names}: not measured in the slices by ${slices}, for rows of one unit lie in several of them. ${advice} All other metrics and slices are measured.`;
  return { code: "slice-divides-units", verdict: "inconclusive", message };
}
