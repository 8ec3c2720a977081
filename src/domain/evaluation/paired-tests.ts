import { mcnemar } from "#domain/statistics/mcnemar.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";
import { signFlipTest } from "#domain/statistics/sign-flip.ts";
import type { Difference } from "./report.ts";

/** From here on the t interval needs no company. */
const enoughClusters = 50;

export type PairedValues = {
  /** candidate - baseline of each unit, times its weight. */
  readonly differences: Numbers;
  /** null: every unit is its own. */
  readonly clusters: readonly string[] | null;
  /** Both arms' values of independent units that all count the same; null: they are not. */
  readonly plain: { readonly candidate: Numbers; readonly baseline: Numbers } | null;
};

export type PairedTests = Pick<Difference, "smallSample" | "discordant">;

/**
 * Tests beside the t interval that ask for less: a sign-flip test (F4) where clusters are few, McNemar's where units are right or wrong.
 * They inform; gates are judged by the interval. `seed`: of the flips that are drawn; null where the sign-flip test is not wanted.
 */
export function pairedTests(values: PairedValues, seed: string | null): PairedTests {
  const smallSample = seed === null ? null : fewClusters(values, seed);
  const discordant = values.plain === null ? null : rightOrWrong(values.plain);
  return { ...(smallSample !== null && { smallSample }), ...(discordant !== null && { discordant }) };
}

function fewClusters({ differences, clusters }: PairedValues, seed: string): NonNullable<Difference["smallSample"]> | null {
  if (clusters === null && differences.length >= enoughClusters) return null;
  const sums = new Map<string, number>();
  differences.forEach((difference, unit) => {
    const cluster = clusters?.[unit] ?? String(unit);
    sums.set(cluster, (sums.get(cluster) ?? 0) + difference);
  });
  const perCluster = [...sums.values()];
  if (perCluster.length >= enoughClusters || perCluster.every((sum) => sum === 0)) return null;
  const { pTwoSided, exact } = signFlipTest(perCluster, seed);
  return { method: "sign-flip", p: pTwoSided, exact };
}

function rightOrWrong({ candidate, baseline }: NonNullable<PairedValues["plain"]>): NonNullable<Difference["discordant"]> | null {
  const binary = (values: Numbers): boolean => values.every((value) => value === 0 || value === 1);
  if (candidate.length === 0 || !binary(candidate) || !binary(baseline)) return null;
  const candidateOnly = candidate.filter((value, unit) => value === 1 && baseline[unit] === 0).length;
  const baselineOnly = baseline.filter((value, unit) => value === 1 && candidate[unit] === 0).length;
  return { method: "mcnemar-exact", candidateOnly, baselineOnly, p: mcnemar(candidateOnly, baselineOnly).pExact };
}
