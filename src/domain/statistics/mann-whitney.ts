import { midRanks, tieCorrection } from "./mid-ranks.ts";
import { normalCdf } from "./normal.ts";

export type MannWhitney = {
  readonly u: number;
  /** The chance that a candidate unit beats a baseline unit, ties counting half. */
  readonly superiority: number;
  readonly pTwoSided: number;
  readonly pGreater: number;
};

/**
 * Mann and Whitney's U test: whether a unit of one group tends to lie above a unit of the other.
 *
 * U counts the pairs that the candidate wins, ties half; against a normal distribution with ties taken into account. Assumes
 * independent, different units in the groups. Null when all values are equal. Reference: Mann and Whitney 1947; equals
 * scipy.stats.mannwhitneyu(method="asymptotic").
 */
export function mannWhitney(candidate: readonly number[], baseline: readonly number[], continuity = true): MannWhitney | null {
  const [m, n] = [candidate.length, baseline.length];
  const { ranks, ties } = midRanks([...candidate, ...baseline]);
  const u = candidateWins(ranks, m);
  const total = m + n;
  const spread = Math.sqrt(((m * n) / 12) * (total + 1 - tieCorrection(ties) / (total * (total - 1))));
  if (!(spread > 0)) return null;
  const correction = continuity ? 0.5 : 0;
  const away = (wins: number): number => (wins - (m * n) / 2 - correction) / spread;
  const pTwoSided = Math.min(1, 2 * normalCdf(-away(Math.max(u, m * n - u))));
  return { u, superiority: u / (m * n), pTwoSided, pGreater: normalCdf(-away(u)) };
}

/**
 * The exact two-sided p, over all ways to mix two groups of these sizes: for small groups without ties.
 *
 * The recurrence takes `m n` steps for each value of U. Reference: Mann and Whitney 1947; equals mannwhitneyu(method="exact").
 */
export function exactMannWhitney(candidate: readonly number[], baseline: readonly number[]): number {
  const [m, n] = [candidate.length, baseline.length];
  const u = candidateWins(midRanks([...candidate, ...baseline]).ranks, m);
  const most = Math.max(u, m * n - u);
  let row: readonly Float64Array[] = Array.from({ length: n + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= m; i += 1) {
    const next: Float64Array[] = [Float64Array.of(1)];
    for (let j = 1; j <= n; j += 1) next.push(mixed(i, j, row[j] ?? new Float64Array(0), next[j - 1] ?? new Float64Array(0)));
    row = next;
  }
  const tail = (row[n] ?? new Float64Array(0)).subarray(Math.ceil(most)).reduce((sum, chance) => sum + chance, 0);
  return Math.min(1, 2 * tail);
}

/** The chances of each U for i against j units: the highest unit is of the first group in i of i + j cases, and then beats j. */
function mixed(i: number, j: number, firstLess: Float64Array, secondLess: Float64Array): Float64Array {
  return Float64Array.from({ length: i * j + 1 }, (_, u) => (i * (firstLess[u - j] ?? 0) + j * (secondLess[u] ?? 0)) / (i + j));
}

function candidateWins(ranks: readonly number[], candidates: number): number {
  return ranks.slice(0, candidates).reduce((sum, rank) => sum + rank, 0) - (candidates * (candidates + 1)) / 2;
}
