import { estimateComparison } from "./estimate.ts";
import type { Explore } from "./exploration.ts";
import type { UnitMetric, UnitTable } from "./unit-table.ts";

/** Metrics that are means over units of lists. What compares the arms in each unit, or counts whole lists, has no difference a unit. */
export function exploreUnits(table: UnitTable): Explore {
  return (name) => {
    const measured = table.metrics.find(({ metric }) => metric.name === name);
    if (measured === undefined || measured.unmeasurable !== null || measured.lists !== undefined || measured.baseline === null) return null;
    const { metric, candidate, baseline } = measured;
    const { better } = metric;
    if (better === "target") return null;
    const { clusters } = table;
    const weightOf = weightsOf(table, measured);
    return {
      metric: name,
      better,
      sliceColumns: table.sliceColumns,
      clusters,
      differenceIn: ({ members }, confidence) => {
        const units = members.filter((unit) => (candidate[unit] ?? null) !== null);
        const differences = units.map((unit) => (candidate[unit] ?? 0) - (baseline[unit] ?? 0));
        const own = clusters === null ? null : units.map((unit) => clusters[unit] ?? "");
        const sample = { clusters: own, weights: weightOf === null ? null : units.map(weightOf) };
        const found = estimateComparison(differences, differences, sample, metric, confidence);
        return { ...found, clusters: own === null ? units.length : new Set(own).size };
      },
    };
  };
}

function weightsOf(table: UnitTable, measured: UnitMetric): ((unit: number) => number) | null {
  if (table.weights === null && measured.weights === null) return null;
  return (unit) => (table.weights?.[unit] ?? 1) * (measured.weights?.[unit] ?? 1);
}
