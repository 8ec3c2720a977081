import { exactSum } from "./exact-sum.ts";

export type Shrinkage = {
  /** The mean of the slices, weighted by their precision. */
  readonly fixed: number;
  /** Cochran's Q: how far the slices lie apart, in their own errors. */
  readonly q: number;
  /** Variance between slices, at least 0; before that, as estimated. */
  readonly betweenVariance: number;
  readonly betweenVarianceUnclipped: number;
  readonly shrunken: readonly number[];
};

/**
 * Shrunken slice estimates: each slice's difference pulled towards 0 by as much as it is noise.
 *
 * `d * tau² / (tau² + SE²)`, tau² being DerSimonian and Laird's variance between slices. For display: the winner among many slices looks
 * better than it is. Assumes independent slices with known errors; needs two. Units: the effects' own.
 * Reference: DerSimonian and Laird 1986; tau² equals statsmodels combine_effects(method_re="dl").
 */
export function shrunkenEffects(effects: readonly number[], variances: readonly number[]): Shrinkage {
  const precisions = variances.map((variance) => 1 / variance);
  const total = exactSum(precisions);
  const fixed = exactSum(effects.map((effect, index) => effect * (precisions[index] ?? 0))) / total;
  const q = exactSum(effects.map((effect, index) => (precisions[index] ?? 0) * (effect - fixed) ** 2));
  const scale = total - exactSum(precisions.map((precision) => precision * precision)) / total;
  const betweenVarianceUnclipped = (q - (effects.length - 1)) / scale;
  const betweenVariance = Math.max(0, betweenVarianceUnclipped);
  const shrunken = effects.map((effect, index) => effect * (betweenVariance / (betweenVariance + (variances[index] ?? 0))));
  return { fixed, q, betweenVariance, betweenVarianceUnclipped, shrunken };
}
