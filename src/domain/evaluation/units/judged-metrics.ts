import type { MetricEntry } from "#domain/evaluation/metric-entry.ts";
import type { Columns } from "#domain/model/model-definition.ts";
import type { UnitMetric } from "./unit-metric.ts";

/** What `evaluation.metrics` of the task `judged` can name, beside metrics that the model defines itself. */
export const judgedMetrics = [
  {
    name: "score",
    title: "Mean score",
    about: "The mean of what a judge gave each unit, on the judge's own scale.",
    definition: "s = the mean over repeats of what columns.score holds; pass and true are 1, fail and false are 0",
    range: { min: null, max: null },
  },
  {
    name: "pass_rate",
    title: "Pass rate",
    about: "The share of units that a judge let pass: pass or fail, true or false, 1 or 0.",
    definition: "s = the mean over repeats of 1 for pass and 0 for fail; other scores are an error",
    range: { min: 0, max: 1 },
  },
  {
    name: "preference",
    title: "Preference",
    about: "How often a judge who saw both arms side by side preferred the candidate, a tie counting half; compared with one half.",
    definition: "s = the mean over both orders of the mean over repeats of 1 (win), 0.5 (tie), 0 (loss); the difference is s - 0.5",
    range: { min: 0, max: 1 },
  },
] as const;

/** A metric of a judge by its name; null when it is none. */
export function judgedMetric(entry: MetricEntry, columns: Pick<Columns, "score" | "preference">): UnitMetric | null {
  const found = judgedMetrics.find(({ name }) => name === entry);
  if (found === undefined) return null;
  const { name, range } = found;
  const column = name === "preference" ? (columns.preference ?? "preference") : columns.score;
  const value: UnitMetric["value"] =
    name === "preference" ? { kind: "preference", column } : { kind: "score", column, passOrFail: name === "pass_rate" };
  return { name, better: "higher", range, printedConvention: { column }, value };
}
