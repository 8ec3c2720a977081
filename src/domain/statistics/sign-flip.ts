import { exactSum } from "./exact-sum.ts";
import { randomFrom } from "./random.ts";

export type SignFlip = {
  readonly pGreater: number;
  readonly pTwoSided: number;
  readonly flips: number;
  readonly exact: boolean;
};

/** Up to here all 2^n flips are counted: a million. */
const mostExact = 20;

/**
 * Sign-flip test (F4): how often chance alone, turning the sign of each difference or not, would sum to at least what was seen.
 *
 * All flips up to 20 differences; beyond, `draws` of them, with `p = (1 + hits) / (1 + draws)`, which is never 0. For few units (n < 50).
 * Assumes independent differences that are symmetric under the null. Shape: one difference per unit, or the sum per cluster; their
 * order does not matter. The two-sided p doubles the smaller tail. Reference: Fisher 1935; Phipson and Smyth 2010 for the +1.
 */
export function signFlipTest(differences: readonly number[], seed: string, draws = 10_000): SignFlip {
  return differences.length <= mostExact ? exactFlips(differences) : drawnFlips(differences, seed, draws);
}

/** Flipping a subset keeps the sum as large exactly when the subset's own sum is not above 0; in Gray's order, one change a step. */
function exactFlips(differences: readonly number[]): SignFlip {
  const flips = 2 ** differences.length;
  const noise = 1e-9 * differences.reduce((sum, difference) => sum + Math.abs(difference), 0);
  let [sum, atLeast, atMost] = [0, 0, 0];
  for (let step = 0, subset = 0; step < flips; step += 1) {
    const gray = step ^ (step >>> 1);
    if (step > 0) {
      const changed = 31 - Math.clz32(gray ^ subset);
      sum += (differences[changed] ?? 0) * ((gray >>> changed) & 1 ? 1 : -1);
    }
    subset = gray;
    const sign = Math.abs(sum) > noise ? sum : exactSum(differences.filter((_, index) => (gray >>> index) & 1));
    if (sign <= 0) atLeast += 1;
    if (sign >= 0) atMost += 1;
  }
  return summary(atLeast / flips, atMost / flips, flips, true);
}

function drawnFlips(differences: readonly number[], seed: string, draws: number): SignFlip {
  const random = randomFrom(seed);
  const ordered = differences.toSorted((a, b) => a - b);
  const noise = 1e-12 * ordered.reduce((sum, difference) => sum + Math.abs(difference), 0);
  let [atLeast, atMost] = [0, 0];
  for (let draw = 0; draw < draws; draw += 1) {
    let [sum, bits] = [0, 0];
    ordered.forEach((difference, index) => {
      bits = index % 32 === 0 ? random.word() : bits >>> 1;
      if (bits & 1) sum += difference;
    });
    if (sum <= noise) atLeast += 1;
    if (sum >= -noise) atMost += 1;
  }
  return summary((1 + atLeast) / (1 + draws), (1 + atMost) / (1 + draws), draws, false);
}

function summary(pGreater: number, pLess: number, flips: number, exact: boolean): SignFlip {
  return { pGreater, pTwoSided: Math.min(1, 2 * Math.min(pGreater, pLess)), flips, exact };
}
