import type { EstimateSource } from "#domain/gate/gate-estimate.ts";
import type { Measurement, PreflightFinding, Report } from "./report.ts";

/** What one way of measuring found: the task's own metrics are one part of a report, what was measured beside them are others. */
export type MeasuredPart = {
  readonly preflight: readonly PreflightFinding[];
  readonly measurements: readonly Measurement[];
  /** Finds the numbers of a gate on one of these measurements; null for a measurement of another part. */
  readonly source: EstimateSource;
  /** The digests of files that only this part reads. */
  readonly inputs?: Pick<Report["inputs"], "benchmark">;
};

/** The parts as one, in their order. Metric names differ between parts, so one part at most answers for a measurement. */
export function everyPart(parts: readonly MeasuredPart[]): MeasuredPart {
  return {
    preflight: onceEach(parts.flatMap(({ preflight }) => preflight)),
    measurements: parts.flatMap(({ measurements }) => measurements),
    source: (measurement, statistic, confidence) => {
      for (const { measurements, source } of parts) {
        const found = measurements.includes(measurement) ? source(measurement, statistic, confidence) : null;
        if (found !== null) return found;
      }
      return null;
    },
  };
}

/** What is wrong with a file is found by whoever opens it, and said once. */
function onceEach(findings: readonly PreflightFinding[]): readonly PreflightFinding[] {
  return findings.filter(
    ({ code, message }, index) => findings.findIndex((known) => known.code === code && known.message === message) === index,
  );
}
