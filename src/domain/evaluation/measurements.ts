import type { Slice } from "#domain/gate/slice.ts";
import { type Estimated, estimateArm, estimateCensus, estimateComparison } from "./estimate.ts";
import { comparesArms } from "./formula.ts";
import { pairedTests } from "./paired-tests.ts";
import type { Estimate, Measurement } from "./report.ts";
import { type Sample, sampleOf } from "./sample.ts";
import { seedOf } from "./seed.ts";
import type { UnitMetric, UnitTable } from "./unit-table.ts";

/** The confidence of every interval in `measurements`; a gate may ask for another for its own. */
export const measurementConfidence = 0.95;

/** Every metric on all units and on every slice: each arm, and the difference candidate - baseline. */
export function measurementsOf(table: UnitTable, dataset: string, noBaseline: string): readonly Measurement[] {
  const slices: readonly (Slice | null)[] = [null, ...table.slices.map(({ slice }) => slice)];
  return table.metrics.flatMap((measured) => slices.map((slice) => measurement(table, measured, slice, dataset, noBaseline)));
}

function measurement(table: UnitTable, measured: UnitMetric, slice: Slice | null, dataset: string, noBaseline: string): Measurement {
  const { metric } = measured;
  const sample = sampleOf(table, measured, slice);
  const common = {
    metric: metric.name,
    slice,
    dataset,
    better: metric.better,
    convention: { ...metric.printedConvention },
    unit: table.unitColumn,
    cluster: table.clusterColumn,
  };
  if (measured.unmeasurable !== null || sample === null) {
    const reason = measured.unmeasurable === "no-baseline" ? noBaseline : (measured.unmeasurable ?? "slice-not-measured");
    return { ...common, units: 0, clusters: 0, excluded: {}, missing: { baseline: 0, candidate: 0 }, ...unmeasured(reason) };
  }
  return {
    ...common,
    units: sample.candidate.length,
    clusters: sample.clusters === null ? sample.candidate.length : new Set(sample.clusters).size,
    excluded: sample.excluded,
    ...(sample.counts && { counts: sample.counts }),
    missing: sample.missing,
    ...arms(sample, noBaseline, slice === null ? seedOf(table.datasetDigest, metric.name, slice) : null),
  };
}

type Arms = Pick<Measurement, "baseline" | "candidate" | "difference" | "why">;

function arms(sample: Sample, noBaseline: string, seed: string | null): Arms {
  const { metric, candidate, baseline, corpus } = sample;
  if (corpus !== null) return corpusArms(corpus, baseline !== null, noBaseline);
  const armOf = (values: readonly number[]): Estimate => printed(estimateArm(values, sample, metric, measurementConfidence));
  if (baseline === null) {
    const reason = comparesArms(metric.formula) ? "compares-arms" : noBaseline;
    return { baseline: null, candidate: armOf(candidate), difference: null, why: { baseline: reason, difference: reason } };
  }
  const differences = candidate.map((value, index) => value - (baseline[index] ?? 0));
  const { value, standardError, lower, upper, degreesOfFreedom, method, why } = estimateComparison(
    differences,
    differences,
    sample,
    metric,
    measurementConfidence,
  );
  const { clusters, weights } = sample;
  const weighed = weights === null ? differences : differences.map((difference, unit) => difference * (weights[unit] ?? 1));
  const plain = clusters === null && weights === null ? { candidate, baseline } : null;
  const tests = pairedTests({ differences: weighed, clusters, plain }, seed);
  const estimated = { value, standardError, lower, upper, confidence: measurementConfidence, degreesOfFreedom, method };
  return { baseline: armOf(baseline), candidate: armOf(candidate), difference: { ...estimated, ...tests, ...(why && { why }) } };
}

function corpusArms({ candidate, baseline }: NonNullable<Sample["corpus"]>, hasBaseline: boolean, noBaseline: string): Arms {
  const own = printed(estimateCensus(candidate));
  if (!hasBaseline) return { baseline: null, candidate: own, difference: null, why: { baseline: noBaseline, difference: noBaseline } };
  const difference = estimateCensus(candidate === null || baseline === null ? null : candidate - baseline);
  return { baseline: printed(estimateCensus(baseline)), candidate: own, difference: { ...difference, confidence: measurementConfidence } };
}

function unmeasured(reason: string): Arms {
  const why = { value: reason, standardError: reason, lower: reason, upper: reason };
  const candidate = { value: null, standardError: null, lower: null, upper: null, why };
  return { baseline: null, candidate, difference: null, why: { baseline: reason, difference: reason } };
}

function printed({ value, standardError, lower, upper, why }: Estimated): Estimate {
  if (why === undefined) return { value, standardError, lower, upper };
  const { degreesOfFreedom: _, ...shown } = why;
  return { value, standardError, lower, upper, why: shown };
}
