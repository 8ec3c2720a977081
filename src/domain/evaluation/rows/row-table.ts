import type { PreflightFinding } from "#domain/evaluation/report.ts";
import type { SliceColumn } from "#domain/evaluation/scored-table.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";
import type { ArmRows } from "./arm-rows.ts";
import type { RowMetric } from "./row-metric.ts";

/** Names of more rows than this would take more memory than everything that is measured of them. */
export const mostNamedRows = 1_000_000;

/**
 * What an engine gives back for a task over rows: every labelled row once, all columns in one order. That is ascending by the key: by its
 * number where every file holds whole ones, else by its UTF-8 bytes.
 */
export type RowTable = {
  /** The columns that name a row, and how many rows there are. */
  readonly key: string;
  readonly rows: number;
  /** Each row's key as text; absent where nothing is compared, or for more rows than {@link mostNamedRows}. */
  readonly names?: readonly string[];
  readonly unit: { readonly column: string; readonly values: readonly string[] | null };
  readonly cluster: { readonly column: string; readonly values: readonly string[] | null };
  readonly weights: Numbers | null;
  readonly slices: readonly SliceColumn[];
  /** The true value, or the place of the true class in `classes`. */
  readonly truth: Numbers;
  /** With which probability each logged action was taken; null: these are no logged decisions. */
  readonly propensity: Numbers | null;
  readonly classes: readonly string[];
  readonly classesDeclared: boolean;
  readonly candidate: RowArm;
  readonly baseline: RowArm | null;
  readonly metrics: readonly RowMetric[];
  /** Rows of an arm that have no label, and are left aside. */
  readonly unlabelled: { readonly candidate: number; readonly baseline: number };
};

/** One arm's columns; a row that the arm lacks holds 0 and is not `listed`. */
export type RowArm = { readonly listed: Listed } & Pick<
  ArmRows,
  "score" | "predicted" | "probabilities" | "lower" | "upper" | "denominator"
>;

/** Which rows an arm has: mostly all of them, which need no list. */
export type Listed = "all" | readonly boolean[];

export function lists(listed: Listed, row: number): boolean {
  return listed === "all" || listed[row] === true;
}

/** An engine's answer. A problem of the data is part of the answer, never an exception. */
export type RowAnswer = { readonly kind: "rows"; readonly table: RowTable | null; readonly problems: readonly PreflightFinding[] };
