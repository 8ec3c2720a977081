import type { Numbers } from "#domain/statistics/numbers.ts";
/**
 * DeLong's standard error from the influences of independent rows (F5): positives and negatives are two samples.
 *
 * Each class's part has its own `m / (m - 1)`, where the clustered form has one for all rows. Null with fewer than two rows of a class.
 * Shapes: one label and influence per row; influences as `aucInfluence` makes them. Reference: DeLong et al. 1988.
 */
export function delongStandardError(truth: Numbers, influences: Numbers): number | null {
  let [positives, ofPositives, ofNegatives] = [0, 0, 0];
  for (let row = 0; row < influences.length; row += 1) {
    const square = (influences[row] ?? 0) ** 2;
    if (truth[row] === 1) {
      positives += 1;
      ofPositives += square;
    } else ofNegatives += square;
  }
  const negatives = influences.length - positives;
  if (positives < 2 || negatives < 2) return null;
  const variance = (ofPositives * positives) / (positives - 1) + (ofNegatives * negatives) / (negatives - 1);
  return Math.sqrt(variance) / influences.length;
}
