import { midRanks, tieCorrection } from "./mid-ranks.ts";
import { normalCdf } from "./normal.ts";

/** What becomes of units without a difference: left out, ranked but not counted (Pratt), or counted half to either side. */
export type ZeroDifferences = "wilcox" | "pratt" | "zsplit";

export type Wilcoxon = {
  readonly wPlus: number;
  readonly wMinus: number;
  readonly z: number;
  readonly pTwoSided: number;
  readonly pGreater: number;
};

/**
 * Wilcoxon's signed-rank test: whether differences lie symmetrically around 0.
 *
 * The ranks of |d| of the units that got better, against a normal distribution with ties taken into account. For comparison with other
 * tools: it says nothing about the mean, so no gate rests on it. Assumes independent units and, under the null, symmetry.
 * z is that of the smaller rank sum. Null when no unit differs. Reference: Wilcoxon 1945, Pratt 1959; equals
 * scipy.stats.wilcoxon(method="asymptotic").
 */
export function wilcoxon(differences: readonly number[], zeros: ZeroDifferences = "wilcox", continuity = false): Wilcoxon | null {
  const kept = zeros === "wilcox" ? differences.filter((difference) => difference !== 0) : differences;
  const zeroCount = kept.filter((difference) => difference === 0).length;
  if (kept.length === zeroCount) return null;
  const { ranks, ties } = midRanks(kept.map(Math.abs));
  const half = zeros === "zsplit" ? sumWhere(kept, ranks, 0) / 2 : 0;
  const wPlus = sumWhere(kept, ranks, 1) + half;
  const wMinus = sumWhere(kept, ranks, -1) + half;
  const skipped = zeros === "pratt" ? zeroCount : 0;
  const counted = zeros === "pratt" && zeroCount > 0 ? ties.slice(1) : ties;
  const [n, mean] = [kept.length, (kept.length * (kept.length + 1) - skipped * (skipped + 1)) / 4];
  const squares = n * (n + 1) * (2 * n + 1) - skipped * (skipped + 1) * (2 * skipped + 1) - tieCorrection(counted) / 2;
  const spread = Math.sqrt(squares / 24);
  const least = Math.min(wPlus, wMinus);
  const correction = continuity ? 0.5 : 0;
  const z = (least - mean - correction * Math.sign(least - mean)) / spread;
  return { wPlus, wMinus, z, pTwoSided: 2 * normalCdf(-Math.abs(z)), pGreater: normalCdf(-(wPlus - mean - correction) / spread) };
}

/**
 * The exact form, over all signs of the ranks seen (ties included), zeros left out: for at most a few hundred units.
 *
 * Reference: Wilcoxon 1945; equals scipy.stats.wilcoxon(method="exact") where no ranks tie.
 */
export function exactWilcoxon(differences: readonly number[]): Omit<Wilcoxon, "z"> | null {
  const kept = differences.filter((difference) => difference !== 0);
  if (kept.length === 0) return null;
  const { ranks } = midRanks(kept.map(Math.abs));
  const doubled = ranks.map((rank) => 2 * rank);
  const total = doubled.reduce((sum, rank) => sum + rank, 0);
  let chances = new Float64Array(total + 1);
  chances[0] = 1;
  for (const rank of doubled) chances = chances.map((chance, sum) => (chance + (chances[sum - rank] ?? 0)) / 2);
  const wPlus = sumWhere(kept, ranks, 1);
  const from = (start: number, end: number): number => chances.subarray(start, end).reduce((sum, chance) => sum + chance, 0);
  const pGreater = from(2 * wPlus, total + 1);
  return { wPlus, wMinus: total / 2 - wPlus, pTwoSided: Math.min(1, 2 * Math.min(pGreater, from(0, 2 * wPlus + 1))), pGreater };
}

function sumWhere(differences: readonly number[], ranks: readonly number[], sign: number): number {
  return ranks.reduce((sum, rank, index) => (Math.sign(differences[index] ?? 0) === sign ? sum + rank : sum), 0);
}
