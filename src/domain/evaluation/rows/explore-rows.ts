import type { Explore } from "#domain/evaluation/exploration.ts";
import { findingOf } from "./row-estimate.ts";
import { rowSample } from "./row-sample.ts";
import type { RowTable } from "./row-table.ts";

/** Metrics over rows. A resampled interval has too few draws in its tails for the confidence that a search asks for. */
export function exploreRows(table: RowTable): Explore {
  return (name) => {
    const metric = table.metrics.find((known) => known.name === name);
    if (metric === undefined || table.baseline === null || metric.better === "target") return null;
    return {
      metric: name,
      better: metric.better,
      sliceColumns: table.slices,
      clusters: table.cluster.values ?? table.unit.values,
      differenceIn:
        metric.estimator.kind !== "linearised"
          ? null
          : ({ slice, members }, confidence) => {
              const sample = rowSample(table, { slice, rows: members }, metric);
              const found = findingOf(metric, sample, "").estimate({ candidate: 1, baseline: -1 }, confidence);
              return { ...found, clusters: sample.clusterCount };
            },
    };
  };
}
