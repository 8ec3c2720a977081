import { type Estimated, estimateArm, estimateCensus, estimateComparison } from "#domain/evaluation/estimate.ts";
import { measurementConfidence } from "#domain/evaluation/measurements.ts";
import type { JudgedGate, Measurement, Report } from "#domain/evaluation/report.ts";
import { sampleOf } from "#domain/evaluation/sample.ts";
import type { UnitTable } from "#domain/evaluation/unit-table.ts";
import { relativeStatistic } from "#domain/statistics/relative-margin.ts";
import { sameSlice } from "./slice.ts";
import type { GateStatistic } from "./statistic.ts";

/** The numbers a gate is judged by. */
export type GateEstimate = Pick<Estimated, "value" | "standardError" | "degreesOfFreedom" | "lower" | "upper" | "why">;

/** Where gates find their numbers: the units themselves, or a stored report. Null: not held, evaluate again. */
export type EstimateSource = (measurement: Measurement, statistic: GateStatistic, confidence: number) => GateEstimate | null;

/** Computes a gate's statistic from the units. */
export function estimatesFromUnits(table: UnitTable): EstimateSource {
  return (measurement, { of, better }, confidence) => {
    const measured = table.metrics.find(({ metric }) => metric.name === measurement.metric);
    const sample = measured === undefined ? null : sampleOf(table, measured, measurement.slice);
    if (sample === null) return null;
    const { metric, candidate, baseline, corpus } = sample;
    if (corpus !== null) return of.kind === "candidate" ? numbersOf(estimateCensus(corpus.candidate)) : null;
    if (of.kind === "candidate") return numbersOf(estimateArm(candidate, sample, metric, confidence));
    if (baseline === null || of.kind === "log-ratio") return null;
    const differences = candidate.map((value, index) => value - (baseline[index] ?? 0));
    const values = of.kind === "difference" ? differences : relativeStatistic(candidate, baseline, of.factor, better);
    return numbersOf(estimateComparison(values, differences, sample, metric, confidence));
  };
}

/** Finds a gate's statistic in a stored report: among its gates' recorded bounds, or in the measurement itself. */
export function estimatesFromReport(report: Pick<Report, "gates">): EstimateSource {
  return (measurement, statistic, confidence) => {
    const recorded = report.gates.find((gate) => holds(gate, measurement, statistic, confidence));
    if (recorded !== undefined) return numbersOf(recorded);
    const { candidate, difference, logRatio, clusters } = measurement;
    if (statistic.of.kind === "log-ratio" && logRatio?.confidence === confidence) return numbersOf(logRatio);
    if (statistic.of.kind === "difference" && difference !== null && difference.confidence === confidence) return numbersOf(difference);
    if (statistic.of.kind !== "candidate" || confidence !== measurementConfidence) return null;
    if (candidate.standardError !== null) return numbersOf({ ...candidate, degreesOfFreedom: clusters - 1 });
    const reason = candidate.why?.["standardError"] ?? "no-units";
    return numbersOf({ ...candidate, degreesOfFreedom: null, why: { ...candidate.why, degreesOfFreedom: reason } });
  };
}

function holds(gate: JudgedGate, { metric, slice, dataset }: Measurement, statistic: GateStatistic, confidence: number): boolean {
  return (
    gate.metric === metric &&
    gate.dataset === dataset &&
    sameSlice(gate.slice, slice) &&
    gate.statistic === statistic.text &&
    gate.confidence === confidence
  );
}

const estimateFields = ["value", "standardError", "degreesOfFreedom", "lower", "upper"] as const;

type Numbers = { readonly [field in (typeof estimateFields)[number]]: number | null } & {
  readonly why?: Readonly<Record<string, string>> | undefined;
};

function numbersOf({ value, standardError, degreesOfFreedom, lower, upper, why = {} }: Numbers): GateEstimate {
  const own = Object.fromEntries(Object.entries(why).filter(([field]) => estimateFields.some((known) => known === field)));
  return { value, standardError, degreesOfFreedom, lower, upper, ...(Object.keys(own).length > 0 && { why: own }) };
}
