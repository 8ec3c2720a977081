/**
 * Benjamini and Hochberg's adjusted p-values: calling all below q keeps the expected share of false ones among the called below q.
 *
 * Sorted ascending, `adjusted_i = min over j >= i of p_j m / j`, at most 1. For exploring many slices, never for blocking. Assumes tests
 * that are independent or positively dependent. Shape: p-values in, adjusted ones out in the same order.
 * Reference: Benjamini and Hochberg 1995; equals statsmodels multipletests(method="fdr_bh").
 */
export function benjaminiHochberg(pValues: readonly number[]): readonly number[] {
  const descending = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => b.p - a.p || b.index - a.index);
  const adjusted = pValues.map(() => 1);
  let least = 1;
  descending.forEach(({ p, index }, position) => {
    least = Math.min(least, (p * pValues.length) / (pValues.length - position));
    adjusted[index] = least;
  });
  return adjusted;
}
