import { exactSum } from "./exact-sum.ts";
import type { Numbers } from "./numbers.ts";
import { weightedMeanOf } from "./variance.ts";

/** A correlation with each row's influence on it, the row's own weight not yet in it. */
export type InfluencedCorrelation = { readonly value: number; readonly influences: Numbers };

/** Which of two columns is constant, so that nothing can go along with it. */
export type Constant = { readonly constant: "first" | "second" };

type Weights = Numbers | null;

/**
 * Pearson's correlation r of two columns, linearised: influence `a b - r (a^2 + b^2) / 2` of a row, a and b standardised.
 *
 * The mean influence is 0, and its clustered standard error is the delta method's of r, without Fisher's assumption that both are normal.
 * Shapes: one number of each column and weight per row, in one order. Reference: Pearson 1896; equals scipy's pearsonr.
 */
export function pearson(first: Numbers, second: Numbers, weights: Weights): InfluencedCorrelation | Constant {
  const [a, b] = [standardised(first, weights), standardised(second, weights)];
  if (a === null) return { constant: "first" };
  if (b === null) return { constant: "second" };
  const value = weightedMeanOf(
    a.map((own, row) => own * (b[row] ?? 0)),
    weights,
  );
  return { value: withinOne(value), influences: a.map((own, row) => own * (b[row] ?? 0) - (value / 2) * (own ** 2 + (b[row] ?? 0) ** 2)) };
}

/** Rounding may leave the last digit beyond a correlation's bounds. */
export function withinOne(value: number): number {
  return Math.min(1, Math.max(-1, value));
}

/** Null where the column does not vary. */
function standardised(values: Numbers, weights: Weights): Numbers | null {
  if (values.every((value) => value === values[0])) return null;
  const mean = weightedMeanOf(values, weights);
  const away = values.map((value) => value - mean);
  const squares = away.map((value, row) => value * value * (weights?.[row] ?? 1));
  const deviation = Math.sqrt(exactSum(squares) / (weights === null ? values.length : exactSum(weights)));
  return deviation > 0 ? away.map((value) => value / deviation) : null;
}
