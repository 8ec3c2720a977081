import { chiSquareUpper } from "./chi-square.ts";
import { logGamma } from "./log-gamma.ts";
import type { Count } from "./proportion-difference.ts";

/**
 * Chi-square test of a two-by-two table: whether two shares differ, by what was seen against what equal shares would give.
 *
 * Yates' correction moves each cell half a unit towards its expectation. Assumes independent events and expectations of 5 or more.
 * Null when all events succeed, or all fail. Reference: Pearson 1900, Yates 1934; equals scipy.stats.chi2_contingency.
 */
export function chiSquareOfTwoShares(
  candidate: Count,
  baseline: Count,
  yates = false,
): { readonly statistic: number; readonly p: number } | null {
  const total = candidate.total + baseline.total;
  const successes = candidate.successes + baseline.successes;
  if (successes === 0 || successes === total) return null;
  const cells = [candidate, baseline].flatMap((count) => [
    { seen: count.successes, expected: (count.total * successes) / total },
    { seen: count.total - count.successes, expected: (count.total * (total - successes)) / total },
  ]);
  const statistic = cells.reduce((sum, { seen, expected }) => {
    const away = Math.abs(seen - expected);
    return sum + (away - (yates ? Math.min(0.5, away) : 0)) ** 2 / expected;
  }, 0);
  return { statistic, p: chiSquareUpper(statistic, 1) };
}

/**
 * Fisher's exact test: the probability, all margins given, of a table at most as likely as the one seen.
 *
 * For shares from few events. Takes one step per possible table. Reference: Fisher 1934; equals scipy.stats.fisher_exact.
 */
export function fisherExact(candidate: Count, baseline: Count): number {
  const total = candidate.total + baseline.total;
  const successes = candidate.successes + baseline.successes;
  const logChance = (k: number): number =>
    logChoose(candidate.total, k) + logChoose(baseline.total, successes - k) - logChoose(total, successes);
  const seen = logChance(candidate.successes);
  let p = 0;
  for (let k = Math.max(0, successes - baseline.total); k <= Math.min(successes, candidate.total); k += 1) {
    const chance = logChance(k);
    if (chance <= seen + 1e-10) p += Math.exp(chance);
  }
  return Math.min(1, p);
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
