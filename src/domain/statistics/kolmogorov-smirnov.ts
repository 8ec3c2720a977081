export type KolmogorovSmirnov = { readonly statistic: number; readonly pExact: number; readonly pApproximate: number };

/**
 * Kolmogorov and Smirnov's test of two groups: how far their distributions lie apart at most.
 *
 * The exact p counts mixtures of the two groups, in `m n` steps, so for up to some 10,000 units each; the approximate one takes the
 * distribution of a single group of `m n / (m + n)` units. Assumes independent, different units; conservative with ties.
 * Reference: Smirnov 1939; Hodges 1958; equals scipy.stats.ks_2samp(method="exact" and "asymp").
 */
export function kolmogorovSmirnov(first: readonly number[], second: readonly number[]): KolmogorovSmirnov {
  const [m, n] = [first.length, second.length];
  const [a, b] = [Float64Array.from(first).toSorted(), Float64Array.from(second).toSorted()];
  let [i, j, apart] = [0, 0, 0];
  while (i < m && j < n) {
    const value = Math.min(a[i] ?? 0, b[j] ?? 0);
    while (i < m && a[i] === value) i += 1;
    while (j < n && b[j] === value) j += 1;
    apart = Math.max(apart, Math.abs(i * n - j * m));
  }
  const statistic = apart / (m * n);
  return { statistic, pExact: mixturesApart(m, n, apart), pApproximate: oneGroupTail(Math.round((m * n) / (m + n)), statistic) };
}

/** The share of all orders of m and n units whose distributions lie at least this far apart (times m n) somewhere. */
function mixturesApart(m: number, n: number, apart: number): number {
  if (apart === 0) return 1;
  const row = new Float64Array(n + 1);
  for (let i = 0; i <= m; i += 1) {
    for (let j = 0; j <= n; j += 1) {
      const left = j === 0 ? 0 : (row[j - 1] ?? 0);
      const up = i === 0 ? 0 : (row[j] ?? 0);
      const inside = i + j === 0 ? 0 : (i * up + j * left) / (i + j);
      row[j] = Math.abs(i * n - j * m) >= apart ? 1 : inside;
    }
  }
  return row[n] ?? Number.NaN;
}

/**
 * Probability that one group of n units lies at least d from its own distribution: one minus an entry of a matrix's n-th power, or from
 * 1,000 units on Kolmogorov's limit with Stephens' correction. Reference: Marsaglia, Tsang and Wang 2003; Stephens 1970.
 */
function oneGroupTail(n: number, d: number): number {
  if (d >= 1) return 0;
  if (n > 1000) return limitTail((Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * d);
  const k = Math.ceil(n * d);
  const size = 2 * k - 1;
  const matrix = stepMatrix(size, k - n * d);
  let line = Float64Array.from({ length: size }, (_, column) => (column === k - 1 ? 1 : 0));
  for (let step = 1; step <= n; step += 1) {
    line = line.map((_, column) => matrix.reduce((sum, row, at) => sum + (line[at] ?? 0) * (row[column] ?? 0), 0) * (step / n));
  }
  return Math.max(0, 1 - (line[k - 1] ?? Number.NaN));
}

/** Marsaglia, Tsang and Wang's matrix H. */
function stepMatrix(size: number, h: number): readonly Float64Array[] {
  const first = (row: number): number => h ** (row + 1);
  const last = (column: number): number => h ** (size - column);
  const corner = 2 * h - 1 > 0 ? (2 * h - 1) ** size : 0;
  const entry = (row: number, column: number): number => {
    if (row - column + 1 < 0) return 0;
    const cut = (column === 0 ? first(row) : 0) + (row === size - 1 ? last(column) : 0);
    return (1 - cut + (row === size - 1 && column === 0 ? corner : 0)) / factorial(row - column + 1);
  };
  return Array.from({ length: size }, (_, row) => Float64Array.from({ length: size }, (__, column) => entry(row, column)));
}

function limitTail(x: number): number {
  let sum = 0;
  for (let k = 1; k <= 100; k += 1) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * (k * x) ** 2);
  return Math.min(1, Math.max(0, sum));
}

function factorial(n: number): number {
  let result = 1;
  for (let factor = 2; factor <= n; factor += 1) result *= factor;
  return result;
}
