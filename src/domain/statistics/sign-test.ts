import { binomialCdf } from "./binomial.ts";

export type SignTest = {
  readonly plus: number;
  readonly minus: number;
  readonly equal: number;
  readonly pTwoSided: number;
  readonly pGreater: number;
};

/**
 * Sign test: whether a unit more often gets better than worse, however much.
 *
 * Exact binomial with share 1/2; units without a difference are left out. Assumes independent units only. p is 1 when none differs.
 * Shape: one difference per unit. Reference: Arbuthnott 1710; equals scipy.stats.binomtest on the signs.
 */
export function signTest(differences: readonly number[]): SignTest {
  const plus = differences.filter((difference) => difference > 0).length;
  const minus = differences.filter((difference) => difference < 0).length;
  return { plus, minus, equal: differences.length - plus - minus, ...evenOdds(plus, minus) };
}

/** The exact p-values of `plus` against `minus` under even odds. */
export function evenOdds(plus: number, minus: number): { readonly pTwoSided: number; readonly pGreater: number } {
  const pairs = plus + minus;
  if (pairs === 0) return { pTwoSided: 1, pGreater: 1 };
  return { pTwoSided: Math.min(1, 2 * binomialCdf(Math.min(plus, minus), pairs, 0.5)), pGreater: binomialCdf(minus, pairs, 0.5) };
}
