/**
 * How many units (clusters, where units cluster) would settle a gate in 80 % of evaluations: `n * (detectable / distance)²` (F14), as
 * standard errors shrink with the root of n. Distance is how far the truth is taken to lie from the threshold.
 * Null where that is not a positive distance: no number of units settles it.
 */
export function unitsToSettle(units: number, detectable: number, distance: number): number | null {
  if (!(distance > 0)) return null;
  const needed = units * (detectable / distance) ** 2;
  return Number.isFinite(needed) ? needed : null;
}
