/**
 * Holm's adjusted p-values: comparing each with alpha keeps the chance of even one false alarm among all tests below alpha.
 *
 * Sorted ascending, `adjusted_i = max over j <= i of (m - j + 1) p_j`, at most 1. No assumption about dependence between tests.
 * Shape: p-values in, adjusted ones out in the same order. Reference: Holm 1979; equals statsmodels multipletests(method="holm").
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const ascending = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p || a.index - b.index);
  const adjusted = pValues.map(() => 1);
  let greatest = 0;
  ascending.forEach(({ p, index }, position) => {
    greatest = Math.max(greatest, Math.min(1, p * (pValues.length - position)));
    adjusted[index] = greatest;
  });
  return adjusted;
}
