import { exactSum } from "#domain/statistics/exact-sum.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";
import { weightedMeanOf } from "#domain/statistics/variance.ts";
import type { Linearised, NoValue, RowReason } from "./row-metric.ts";

type Weights = Numbers | null;

export function noValue(reason: RowReason): NoValue {
  return { kind: "undefined", reason };
}

function sumOf(values: Numbers, weights: Weights): number {
  return exactSum(weights === null ? values : values.map((value, row) => value * (weights[row] ?? 1)));
}

export function totalWeight(rows: number, weights: Weights): number {
  return weights === null ? rows : exactSum(weights);
}

/** Influences from what each row adds per unit of weight, centred: `w z n / sum(w)`. */
export function influencesOf(z: Numbers, weights: Weights): Numbers {
  if (weights === null) return z;
  const scale = z.length / exactSum(weights);
  return z.map((value, row) => value * (weights[row] ?? 1) * scale);
}

/** The weighted mean of a value per row (F1, F2). */
export function meanOf(values: Numbers, weights: Weights): Linearised | NoValue {
  if (values.length === 0) return noValue("no-units");
  const mean = weightedMeanOf(values, weights);
  return {
    kind: "value",
    value: mean,
    influences: influencesOf(
      values.map((value) => value - mean),
      weights,
    ),
  };
}

/** A ratio of two sums (F3), linearised: `z = (N - R D) / mean(D)`. */
export function ratioOf(numerators: Numbers, denominators: Numbers, weights: Weights, whenZero: number | RowReason): Linearised | NoValue {
  if (numerators.length === 0) return noValue("no-units");
  const below = sumOf(denominators, weights);
  if (below === 0) {
    if (typeof whenZero === "string") return noValue(whenZero);
    return { kind: "value", value: whenZero, influences: numerators.map(() => 0) };
  }
  const ratio = sumOf(numerators, weights) / below;
  const mean = below / totalWeight(numerators.length, weights);
  const z = numerators.map((numerator, row) => (numerator - ratio * (denominators[row] ?? 0)) / mean);
  return { kind: "value", value: ratio, influences: influencesOf(z, weights) };
}

/** The root of a linearised mean. */
export function rootOf(mean: Linearised | NoValue): Linearised | NoValue {
  return mapped(mean, Math.sqrt, (value) => (value === 0 ? 0 : 0.5 / Math.sqrt(value)));
}

/** A smooth function of a linearised value: the delta method. */
export function mapped(estimate: Linearised | NoValue, value: (x: number) => number, slope: (x: number) => number): Linearised | NoValue {
  if (estimate.kind === "undefined") return estimate;
  const by = slope(estimate.value);
  return { kind: "value", value: value(estimate.value), influences: estimate.influences.map((influence) => influence * by) };
}
