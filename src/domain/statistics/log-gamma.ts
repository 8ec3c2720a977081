/** From here on Stirling's series holds to the last digit. */
const large = 10;

/**
 * ln Γ(x) for x > 0: the logarithm of the factorial of x - 1, also between whole numbers.
 *
 * Own code: of @stdlib's distribution packages only the gamma density holds it, and that is infinite from x = 100,000 on (measured
 * against test/golden/distributions.json). Stirling's series from 10 on, below it the recurrence Γ(x) = Γ(x + n) / (x (x+1) … (x+n-1)).
 * Error: 1e-14 absolute near the zeros at 1 and 2, else 1e-14 relative. Reference: Abramowitz and Stegun 6.1.41.
 */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let shifted = x;
  let product = 1;
  while (shifted < large) {
    product *= shifted;
    shifted += 1;
  }
  const halfLogTwoPi = 0.9189385332046728;
  return (shifted - 0.5) * Math.log(shifted) - shifted + halfLogTwoPi + stirlingCorrection(shifted) - Math.log(product);
}

/** What ln Γ(x) has beyond Stirling's formula, for x of at least 10: `1/(12 x) - 1/(360 x³) + …`. */
export function stirlingCorrection(x: number): number {
  const coefficients = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];
  const square = 1 / (x * x);
  return coefficients.reduceRight((sum, coefficient) => sum * square + coefficient, 0) / x;
}

/**
 * ln B(a, b) for positive a and b: the logarithm of what normalises a beta density.
 *
 * Own code for the same reason as `logGamma`. From 10 on, the large parts of ln Γ(a) - ln Γ(a + b) cancel in the formula and not in the
 * digits. Reference: Didonato and Morris 1992, algorithm 708.
 */
export function logBeta(a: number, b: number): number {
  const [larger, smaller] = a > b ? [a, b] : [b, a];
  if (larger < large) return logGamma(a) + logGamma(b) - logGamma(a + b);
  const ratio = -(larger - 0.5) * Math.log1p(smaller / larger) - smaller * Math.log(larger + smaller) + smaller;
  return logGamma(smaller) + ratio + stirlingCorrection(larger) - stirlingCorrection(larger + smaller);
}
