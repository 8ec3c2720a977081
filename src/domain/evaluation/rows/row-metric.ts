import type { Numbers } from "#domain/statistics/numbers.ts";
import type { OffPolicyObjection } from "#domain/statistics/off-policy.ts";
import type { ArmRows } from "./arm-rows.ts";
import type { CalibrationBins } from "./calibration-bins.ts";

/** Why a metric has no value on some rows. */
export type RowReason =
  | "no-units"
  | "one-class"
  | "no-positive"
  | "truth-does-not-vary"
  | "predictions-do-not-vary"
  | "truth-is-zero"
  | "outside-domain"
  | "denominator-is-zero"
  | OffPolicyObjection;

export type NoValue = { readonly kind: "undefined"; readonly reason: RowReason };

/**
 * A value with each row's influence on it: the mean of the influences is 0, and their clustered mean (F2) has the value's standard error.
 * A row's weight is in its influence already.
 */
export type Linearised = { readonly kind: "value"; readonly value: number; readonly influences: Numbers };
export type Plain = { readonly kind: "value"; readonly value: number };

/** How a metric is computed from rows, and where its interval comes from. */
export type RowEstimator =
  /** A closed form. `delong` says that rows of the two classes are two samples, where rows are independent (F5). */
  | {
      readonly kind: "linearised";
      readonly method: "mean" | "ratio" | "delong" | "linearised" | "quantile";
      readonly of: (rows: ArmRows) => Linearised | NoValue;
    }
  /** Resampled (F7): sorting and binning happen once, then a value for each set of weights. NaN: no value with these. */
  | { readonly kind: "bootstrap"; readonly of: (rows: ArmRows) => ((weights: ArrayLike<number> | null) => number) | NoValue }
  /** Describes the evaluated rows themselves: no interval. */
  | { readonly kind: "census"; readonly of: (rows: ArmRows) => Plain | NoValue };

export type RowInput =
  /** The label as 0 and 1 with a score of any scale; the same with a score from 0 to 1. */
  | "score"
  | "probability"
  /** One class of several, or one of two by a threshold. */
  | "class"
  | "binary-class"
  /** A probability for every class. */
  | "probabilities"
  | "probability-or-probabilities"
  | "value"
  | "interval"
  /** A logged decision: its reward, its probability when logged, and the arm's probability of it. */
  | "logged";

export type RowMetricDefinition = {
  readonly better: "higher" | "lower" | "target";
  readonly range: { readonly min: number | null; readonly max: number | null };
  readonly decomposable: "per-row-mean" | "ratio" | "u-statistic" | "corpus";
  readonly input: RowInput;
  readonly printedConvention: Readonly<Record<string, string | number>>;
  readonly estimator: RowEstimator;
  /** Rows that do not count for this metric, by their true value. */
  readonly excludes?: { readonly name: string; readonly when: (truth: number) => boolean };
  /** Bins of probabilities that the metric looks at, which a drawing of them shares. */
  readonly calibrationBins?: CalibrationBins;
  /** How many rows were treated specially, by name; printed beside the numbers. */
  readonly counts?: (rows: ArmRows) => Readonly<Record<string, number>>;
};

export type RowMetric = RowMetricDefinition & {
  readonly name: string;
  readonly family: string;
  readonly parameter: number | null;
};

/** What may stand after the `@` of a metric's name. */
export type RowParameter = {
  readonly name: string;
  readonly required: boolean;
  readonly kind: "count" | "share" | "positive";
  readonly example: string;
};

export type RowLibrary = "sklearn" | null;

/** A family of metrics over rows: `pinball` makes `pinball@0.1`, `pinball@0.9`, … */
export type RowMetricFamily = {
  readonly family: string;
  readonly title: string;
  readonly about: string;
  readonly definition: string;
  readonly reference: string;
  readonly tasks: readonly ("classification" | "regression" | "bandit")[];
  readonly parameter: RowParameter | null;
  /** What scikit-learn calls it and does otherwise, where its convention is offered; false: its number is ours, or it has none. */
  readonly sklearn: false | { readonly called: string; readonly about: string };
  readonly define: (parameter: number | null, library: RowLibrary) => RowMetricDefinition;
};
