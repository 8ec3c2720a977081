import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import type { Grades } from "#sandbox/rankers/cranfield.ts";
import type { Run } from "#sandbox/rankers/rank.ts";

/** nDCG@10 by query: linear gain, ideal over all judged documents; a run already lists ties by id, descending. */
export function ndcgAt10(run: Run, grades: Grades): ReadonlyMap<string, number> {
  return new Map(
    [...grades].map(([query, judged]) => {
      const found = (run.get(query) ?? []).map(({ document }) => judged.get(document) ?? 0);
      const ideal = [...judged.values()].toSorted((a, b) => b - a);
      return [query, gain(found) / gain(ideal)];
    }),
  );
}

export function mean(values: Iterable<number>): number {
  const all = [...values];
  return all.reduce((sum, value) => sum + value, 0) / all.length;
}

/** The 95 % interval of the mean of c - 0.98 b over pairs, by the paired t: wholly below 0 is a failed `noWorseThan: 2%`. */
export function againstTwoPercent(
  candidate: ReadonlyMap<string, number>,
  baseline: ReadonlyMap<string, number>,
  queries: readonly string[],
) {
  const differences = queries.map((query) => (candidate.get(query) ?? 0) - 0.98 * (baseline.get(query) ?? 0));
  const value = mean(differences);
  const variance = differences.reduce((sum, each) => sum + (each - value) ** 2, 0) / (differences.length - 1);
  const half = tQuantile(0.975, differences.length - 1) * Math.sqrt(variance / differences.length);
  return { value, lower: value - half, upper: value + half };
}

function gain(grades: readonly number[]): number {
  return grades.slice(0, 10).reduce((sum, grade, place) => sum + grade / Math.log2(place + 2), 0);
}
