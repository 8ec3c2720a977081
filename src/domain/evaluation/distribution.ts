import type { Distribution } from "./drawings.ts";
import { sampleOf } from "./sample.ts";
import type { UnitTable } from "./unit-table.ts";

/** The difference candidate - baseline of each of `count` units, without a list of its own: there may be millions. */
export type UnitDifferences = { readonly count: number; readonly of: (unit: number) => number };

/** Of the first gated metric that is a mean over units of lists. */
export function unitDistribution(table: UnitTable, gates: readonly { readonly metric: string }[], dataset: string): Distribution | null {
  const metrics = table.metrics.map(({ metric }) => metric.name);
  return firstDistribution(gatedFirst(gates, metrics), dataset, (name) => {
    const measured = table.metrics.find(({ metric }) => metric.name === name);
    const sample = measured === undefined || measured.unmeasurable !== null ? null : sampleOf(table, measured, null);
    if (sample === null || sample.baseline === null || sample.corpus !== null) return null;
    const { candidate, baseline } = sample;
    return { count: candidate.length, of: (unit) => (candidate[unit] ?? 0) - (baseline[unit] ?? 0) };
  });
}

/** The metrics in the order in which a reader asks for them: those with gates first, as the gates stand. */
export function gatedFirst(gates: readonly { readonly metric: string }[], metrics: readonly string[]): readonly string[] {
  const gated = gates.map(({ metric }) => metric).filter((metric) => metrics.includes(metric));
  return [...new Set([...gated, ...metrics])];
}

/** Counts the differences of the first of these metrics that has one for each unit. */
export function firstDistribution(
  metrics: readonly string[],
  dataset: string,
  differencesOf: (metric: string) => UnitDifferences | null,
): Distribution | null {
  for (const metric of metrics) {
    const differences = differencesOf(metric);
    if (differences !== null && differences.count > 0) return { metric, dataset, ...binned(differences) };
  }
  return null;
}

/** Bins of equal width on both sides of 0, at most 20 a side, their width 1, 2 or 5 times a power of ten. */
function binned({ count: units, of }: UnitDifferences): Pick<Distribution, "units" | "equal" | "edges" | "counts"> {
  let [reach, equal] = [0, 0];
  for (let unit = 0; unit < units; unit += 1) {
    const difference = of(unit);
    reach = Math.max(reach, Math.abs(difference));
    if (difference === 0) equal += 1;
  }
  if (reach === 0) return { units, equal, edges: [], counts: [] };
  const width = roundWidth(reach / mostBinsASide);
  const side = Math.ceil(Number((reach / width).toPrecision(12)));
  const edges = Array.from({ length: 2 * side + 1 }, (_, index) => Number(((index - side) * width).toPrecision(12)));
  const counts = Array.from({ length: 2 * side }, () => 0);
  for (let unit = 0; unit < units; unit += 1) {
    const difference = of(unit);
    if (difference === 0) continue;
    const bin = Math.min(2 * side - 1, Math.max(0, Math.floor(difference / width) + side));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { units, equal, edges, counts };
}

const mostBinsASide = 20;

/** The least of 1, 2 and 5 times a power of ten that is not smaller. */
function roundWidth(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const factor = [1, 2, 5, 10].find((each) => each * power >= atLeast * (1 - 1e-12)) ?? 10;
  return Number((factor * power).toPrecision(12));
}
