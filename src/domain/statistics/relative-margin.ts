/**
 * Relative margin (F8): the per-unit statistic whose mean is above 0 when the candidate keeps the given share of the baseline.
 *
 * Higher is better: `candidate - factor*baseline`; lower is better: `factor*baseline - candidate`, with
 * `factor = 1 - m` or `1 + m` (for a negative baseline the other one, so that the margin is m times its size). Its t interval against 0
 * is Fieller's answer without Fieller's set: taking m * mean(baseline) as known instead gives half the promised false passes.
 * Assumes the same units in both arms and a baseline whose mean is clearly not 0.
 * Shapes: one value per unit and arm, in one order; result in the metric's units. Reference: Fieller 1954; golden: Cranfield.
 */
export function relativeStatistic(
  candidate: readonly number[],
  baseline: readonly number[],
  factor: number,
  better: "higher" | "lower",
): readonly number[] {
  const sign = better === "higher" ? 1 : -1;
  return candidate.map((value, index) => sign * (value - factor * (baseline[index] ?? Number.NaN)));
}
