import { exactSum } from "./exact-sum.ts";
import type { Numbers } from "./numbers.ts";

/** The mean: the exact sum of the values by their number, so that their order does not matter. NaN without a value. */
export function meanOf(values: Numbers): number {
  return exactSum(values) / values.length;
}

/** The weighted mean, `sum(w x) / sum(w)`; every weight is 1 without any. */
export function weightedMeanOf(values: Numbers, weights: Numbers | null): number {
  return weights === null ? meanOf(values) : exactSum(values.map((value, index) => value * (weights[index] ?? 0))) / exactSum(weights);
}

/**
 * Sample variance: the mean squared distance from the mean, with n - 1 for n.
 *
 * From the distances, less what the rounding of the mean added to them: values around 10¹⁵ with a variance of 4 give 4. NaN below two
 * values. Units: the values' own, squared. Reference: Chan, Golub and LeVeque 1983, equation 1.7.
 */
export function varianceOf(values: Numbers): number {
  return covarianceOf(values, values);
}

/**
 * Sample covariance of two equally long lists: how far they leave their means together, with n - 1 for n.
 *
 * Units: the product of theirs. Reference: as for the variance.
 */
export function covarianceOf(xs: Numbers, ys: Numbers): number {
  const meanX = meanOf(xs);
  const meanY = meanOf(ys);
  const awayX = xs.map((x) => x - meanX);
  const awayY = ys.map((y) => y - meanY);
  const together = exactSum(awayX.map((away, index) => away * (awayY[index] ?? Number.NaN)));
  return (together - (exactSum(awayX) * exactSum(awayY)) / xs.length) / (xs.length - 1);
}
