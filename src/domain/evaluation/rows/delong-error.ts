/**
 * DeLong's standard error from the influences of independent rows (F5): positives and negatives are two samples.
 *
 * Each class's part has its own `m / (m - 1)`, where the clustered form has one for all rows. Null with fewer than two rows of a class.
 * Shapes: one label and influence per row; influences as `aucInfluence` makes them. Reference: DeLong et al. 1988.
 */
export function delongStandardError(truth: readonly number[], influences: readonly number[]): number | null {
  let variance = 0;
  for (const label of [1, 0]) {
    const own = influences.filter((_, row) => truth[row] === label);
    if (own.length < 2) return null;
    let squares = 0;
    for (const influence of own) squares += influence * influence;
    variance += (squares * own.length) / (own.length - 1);
  }
  return Math.sqrt(variance) / influences.length;
}
