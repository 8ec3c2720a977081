import type { PreflightFinding } from "#domain/evaluation/report.ts";
import type { IdColumn, SliceColumn } from "#domain/evaluation/scored-table.ts";
import type { SliceDefinition } from "#domain/model/slice-definition.ts";
import type { UnitMetric } from "./unit-metric.ts";

/** What an engine gives back of a model's own metrics: every unit once, ascending by its id's UTF-8 bytes, columns in that order. */
export type UnitScores = {
  readonly rows: readonly string[];
  readonly unit: IdColumn;
  readonly cluster: IdColumn;
  readonly weights: readonly number[] | null;
  readonly slices: readonly SliceColumn[];
  /** Slices that lie across units, where rows are sliced: not among `slices`. */
  readonly dividing: readonly SliceDefinition[];
  readonly metrics: readonly UnitScored[];
  readonly listed: { readonly candidate: readonly boolean[]; readonly baseline: readonly boolean[] | null };
  readonly facts: UnitFacts;
};

/** null: the expression has no value for the unit, or the arm lacks it. */
export type UnitColumn = { readonly values: readonly (number | null)[]; readonly denominators: readonly (number | null)[] | null };

export type UnitScored = { readonly metric: UnitMetric; readonly candidate: UnitColumn; readonly baseline: UnitColumn | null };

export type UnitFacts = {
  /** Scored units that the files which describe units do not have, and that are left aside. */
  readonly undescribed: number;
  /** Rows a unit, in files where a unit may have several. */
  readonly repeats: PerArm<{ readonly least: number; readonly most: number }> | null;
  /** Which judge and prompt each arm's scores are from; null where nothing says. */
  readonly judges: PerArm<readonly string[]> | null;
  /** Of comparisons that say which arm was shown first: how often the candidate was preferred, and units that were shown in one order only. */
  readonly orders: { readonly shownFirst: number | null; readonly shownSecond: number | null; readonly oneOrder: number } | null;
};

type PerArm<T> = { readonly candidate: T; readonly baseline: T | null };

export type UnitAnswer = { readonly table: UnitScores | null; readonly problems: readonly PreflightFinding[] };
