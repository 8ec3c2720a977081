import type { UnitDifferences } from "#domain/evaluation/distribution.ts";
import { measurementConfidence } from "#domain/evaluation/measurements.ts";
import { type PairedTests, pairedTests } from "#domain/evaluation/paired-tests.ts";
import type { Estimate, Measurement } from "#domain/evaluation/report.ts";
import { seedOf } from "#domain/evaluation/seed.ts";
import type { EstimateSource } from "#domain/gate/gate-estimate.ts";
import { type Slice, sameSlice } from "#domain/gate/slice.ts";
import { type Combination, findingOf, type RowEstimated, type RowFinding } from "./row-estimate.ts";
import type { RowMetric } from "./row-metric.ts";
import { type RowSample, type RowSlice, rowSample } from "./row-sample.ts";
import type { RowTable } from "./row-table.ts";

const ofCandidate: Combination = { candidate: 1, baseline: 0 };
const ofBaseline: Combination = { candidate: 0, baseline: 1 };
const ofDifference: Combination = { candidate: 1, baseline: -1 };

export type RowMeasured = {
  readonly measurements: readonly Measurement[];
  readonly source: EstimateSource;
  /** Of all rows that count, where a metric is a mean over rows. */
  readonly differencesOf: (metric: string) => UnitDifferences | null;
};

type Cell = {
  readonly slice: Slice | null;
  readonly metric: RowMetric;
  readonly sample: RowSample;
  readonly finding: RowFinding;
  readonly seed: string;
};

/** Every metric on all rows and on every slice: each arm, the difference candidate - baseline, and what gates will ask for. */
export function rowMeasurements(
  table: RowTable,
  slices: readonly RowSlice[],
  dataset: { readonly name: string; readonly digest: string },
  noBaseline: string,
): RowMeasured {
  const chosen: readonly (RowSlice | null)[] = [null, ...slices];
  const cells = table.metrics.flatMap((metric) =>
    chosen.map((slice): Cell => {
      const sample = rowSample(table, slice, metric);
      const seed = seedOf(dataset.digest, metric.name, slice?.slice ?? null);
      return { slice: slice?.slice ?? null, metric, sample, finding: findingOf(metric, sample, seed), seed };
    }),
  );
  const whole = cells.filter(({ slice }) => slice === null);
  return {
    measurements: cells.map((cell) => measurement(table, cell, dataset.name, noBaseline)),
    source: sourceOf(cells),
    differencesOf: (name) => {
      const values = whole.find(({ metric }) => metric.name === name)?.finding.values;
      if (values === undefined) return null;
      const { candidate, baseline } = values;
      return { count: candidate.length, of: (row) => (candidate[row] ?? 0) - (baseline[row] ?? 0) };
    },
  };
}

function measurement(table: RowTable, { slice, metric, sample, finding, seed }: Cell, dataset: string, noBaseline: string): Measurement {
  const { candidate, baseline, units, clusterCount, excluded, missing } = sample;
  const counts = countsOf(metric, sample);
  const common = {
    metric: metric.name,
    slice,
    dataset,
    better: metric.better,
    convention: { ...metric.printedConvention },
    unit: table.unit.column,
    cluster: table.cluster.column,
    units,
    clusters: clusterCount,
    excluded: { ...excluded },
    ...(counts !== null && { counts }),
    missing,
    candidate: armOf(finding.estimate(ofCandidate, measurementConfidence)),
  };
  if (candidate.truth.length === 0 || baseline === null) {
    const reason = baseline === null ? noBaseline : "no-units";
    return { ...common, baseline: null, difference: null, why: { baseline: reason, difference: reason } };
  }
  const { value, standardError, lower, upper, degreesOfFreedom, method, why } = finding.estimate(ofDifference, measurementConfidence);
  const estimated = { value, standardError, lower, upper, confidence: measurementConfidence, degreesOfFreedom, method };
  return {
    ...common,
    baseline: armOf(finding.estimate(ofBaseline, measurementConfidence)),
    difference: { ...estimated, ...testsOf(sample, finding, slice === null ? seed : null), ...(why && { why }) },
  };
}

function testsOf({ clusters, candidate: { weights } }: RowSample, { values }: RowFinding, seed: string | null): PairedTests {
  if (values === undefined) return {};
  const { candidate, baseline } = values;
  const differences = candidate.map((value, row) => value - (baseline[row] ?? 0));
  return pairedTests({ differences, clusters, plain: clusters === null && weights === null ? values : null }, seed);
}

function countsOf({ counts }: RowMetric, { candidate, baseline }: RowSample): Record<string, number> | null {
  if (counts === undefined) return null;
  const ofArm = (arm: string, found: Readonly<Record<string, number>>): [string, number][] =>
    Object.entries(found).map(([name, count]) => [`${name} in the ${arm}`, count]);
  return Object.fromEntries([...ofArm("candidate", counts(candidate)), ...(baseline === null ? [] : ofArm("baseline", counts(baseline)))]);
}

function armOf({ value, standardError, lower, upper, why }: RowEstimated): Estimate {
  const { degreesOfFreedom: _, ...shown } = why ?? {};
  return { value, standardError, lower, upper, ...(Object.keys(shown).length > 0 && { why: shown }) };
}

/** Gates find their statistic in the rows themselves. */
function sourceOf(cells: readonly Cell[]): EstimateSource {
  return ({ metric, slice }, { of, better }, confidence) => {
    const cell = cells.find((known) => known.metric.name === metric && sameSlice(known.slice, slice));
    if (cell === undefined) return null;
    if (of.kind === "log-ratio") return null;
    const sign = better === "higher" ? 1 : -1;
    const combination = {
      candidate: ofCandidate,
      difference: ofDifference,
      relative: of.kind === "relative" ? { candidate: sign, baseline: -sign * of.factor } : ofDifference,
    }[of.kind];
    if (of.kind !== "candidate" && cell.sample.baseline === null) return null;
    const { method: _, ...numbers } = cell.finding.estimate(combination, confidence);
    return numbers;
  };
}
