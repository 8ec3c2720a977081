import { exactSum } from "./exact-sum.ts";
import { randomFrom } from "./random.ts";

/**
 * Mean of a symmetric function over the pairs of n units: all of them where there are at most `most`, else so many drawn with replacement,
 * from the seed's stream, so that the same units and seed give the same mean on any machine.
 *
 * For U-statistics of degree two whose pairs are too many. The error of a drawn mean is at most 0.5 / sqrt(most) for a function from 0 to 1.
 * Null for fewer than two units. Reference: Blom 1976, incomplete U-statistics.
 */
export function meanOverPairs(n: number, of: (a: number, b: number) => number, most: number, seed: string): number | null {
  if (n < 2) return null;
  const values: number[] = [];
  if ((n * (n - 1)) / 2 <= most) {
    for (let a = 0; a < n; a += 1) for (let b = a + 1; b < n; b += 1) values.push(of(a, b));
  } else {
    const { share } = randomFrom(seed);
    for (let draw = 0; draw < most; draw += 1) {
      const a = Math.floor(share() * n);
      const b = (a + 1 + Math.floor(share() * (n - 1))) % n;
      values.push(of(a, b));
    }
  }
  return exactSum(values) / values.length;
}
