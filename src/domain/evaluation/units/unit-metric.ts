import type { OwnMetricEntry } from "#domain/evaluation/own-entry.ts";

/** A metric whose value of a unit comes from the unit's own rows, as a model or its evaluator says. */
export type UnitMetric = {
  readonly name: string;
  readonly better: "higher" | "lower" | "target";
  /** Least and greatest value of one unit; null where unbounded. */
  readonly range: { readonly min: number | null; readonly max: number | null };
  readonly printedConvention: Readonly<Record<string, string | number>>;
  readonly value: UnitValue;
};

export type UnitValue =
  /** An SQL expression: with aggregates a value of the unit's rows together, without a value a row, averaged. */
  | { readonly kind: "expression"; readonly sql: string }
  /** Two of them; the metric is the ratio of their sums over the units. */
  | { readonly kind: "ratio"; readonly numerator: string; readonly denominator: string }
  /** A column of scores: numbers, or pass and fail. */
  | { readonly kind: "score"; readonly column: string; readonly passOrFail: boolean }
  /** A column that says which arm was preferred in each comparison: 1 the candidate, 0.5 neither, 0 the baseline. */
  | { readonly kind: "preference"; readonly column: string };

/** The metric of an entry; a file of scores holds them in its column `score`. */
export function ownMetric(entry: OwnMetricEntry): UnitMetric {
  const { name, better, unit, range: [min, max] = [null, null] } = entry;
  const common = { name, better, range: { min, max } };
  const counted = unit === undefined ? {} : { in: unit };
  if (entry.sql !== undefined) {
    return { ...common, printedConvention: { sql: entry.sql, ...counted }, value: { kind: "expression", sql: entry.sql } };
  }
  if (entry.numerator !== undefined && entry.denominator !== undefined) {
    const { numerator, denominator } = entry;
    return { ...common, printedConvention: { numerator, denominator, ...counted }, value: { kind: "ratio", numerator, denominator } };
  }
  const column = entry.column ?? "score";
  const from: Readonly<Record<string, string>> = entry.scores === undefined ? { column } : { scores: entry.scores };
  return { ...common, printedConvention: { ...from, ...counted }, value: { kind: "score", column, passOrFail: false } };
}
