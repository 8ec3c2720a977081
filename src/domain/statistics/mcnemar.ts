import { binomialProbability } from "./binomial.ts";
import { chiSquareUpper } from "./chi-square.ts";
import { evenOdds } from "./sign-test.ts";

export type McNemar = {
  readonly pExact: number;
  /** The exact p less half the probability of what was seen: less conservative, and not exact. */
  readonly pMid: number;
  readonly chiSquare: { readonly statistic: number; readonly p: number } | null;
  readonly corrected: { readonly statistic: number; readonly p: number } | null;
};

/**
 * McNemar's test: whether one of two models is right more often on the same units.
 *
 * Only the units on which exactly one model is right count: `candidateOnly` against `baselineOnly` under even odds. The exact p is the
 * default; chi-square, plain or corrected `(|b - c| - 1)² / (b + c)`, is for comparison with other tools and absent without such a unit.
 * Assumes independent units. Reference: McNemar 1947; Fagerland, Lydersen and Laake 2013; equals statsmodels mcnemar.
 */
export function mcnemar(candidateOnly: number, baselineOnly: number): McNemar {
  const pairs = candidateOnly + baselineOnly;
  const { pTwoSided } = evenOdds(candidateOnly, baselineOnly);
  if (pairs === 0) return { pExact: 1, pMid: 1, chiSquare: null, corrected: null };
  const fewer = Math.min(candidateOnly, baselineOnly);
  const seen = binomialProbability(fewer, pairs, 0.5);
  const pMid = candidateOnly === baselineOnly ? 1 : Math.min(1, pTwoSided - seen);
  const away = Math.abs(candidateOnly - baselineOnly);
  return { pExact: pTwoSided, pMid, chiSquare: chiSquareOf(away ** 2 / pairs), corrected: chiSquareOf((away - 1) ** 2 / pairs) };
}

function chiSquareOf(statistic: number): { readonly statistic: number; readonly p: number } {
  return { statistic, p: chiSquareUpper(statistic, 1) };
}
