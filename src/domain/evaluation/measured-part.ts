import type { EstimateSource } from "#domain/gate/gate-estimate.ts";
import type { Compare } from "./compared-units.ts";
import type { Drawings } from "./drawings.ts";
import type { Explore } from "./exploration.ts";
import type { Measurement, PreflightFinding, Report } from "./report.ts";

/** What one way of measuring found: the task's own metrics are one part of a report, what was measured beside them are others. */
export type MeasuredPart = {
  readonly preflight: readonly PreflightFinding[];
  readonly measurements: readonly Measurement[];
  /** Finds the numbers of a gate on one of these measurements; null for a measurement of another part. */
  readonly source: EstimateSource;
  /** What can be looked at beside the measurements, and is never judged; absent where nothing can. */
  readonly explore?: Explore;
  /** The units of these metrics one by one; absent where they have none. */
  readonly compare?: Compare;
  /** The digests of files that only this part reads. */
  readonly inputs?: Pick<Report["inputs"], "benchmark" | "scores" | "why">;
  /** What is kept of the single units and rows. */
  readonly drawings?: Drawings;
};

/** The parts as one, in their order. Metric names differ between parts, so one part at most answers for a measurement. */
export function everyPart(parts: readonly MeasuredPart[]): MeasuredPart & { readonly explore: Explore } {
  return {
    preflight: onceEach(parts.flatMap(({ preflight }) => preflight)),
    measurements: parts.flatMap(({ measurements }) => measurements),
    explore: (metric) => parts.map(({ explore }) => explore?.(metric) ?? null).find((found) => found !== null) ?? null,
    source: (measurement, statistic, confidence) => {
      for (const { measurements, source } of parts) {
        const found = measurements.includes(measurement) ? source(measurement, statistic, confidence) : null;
        if (found !== null) return found;
      }
      return null;
    },
  };
}

/** The digests of all files that only a part reads. */
export function inputsOf(parts: readonly MeasuredPart[]): NonNullable<MeasuredPart["inputs"]> {
  const benchmark = parts.find(({ inputs }) => inputs?.benchmark !== undefined)?.inputs?.benchmark;
  const scores = Object.assign({}, ...parts.map(({ inputs }) => inputs?.scores));
  const why: Readonly<Record<string, string>> = Object.assign({}, ...parts.map(({ inputs }) => inputs?.why));
  return {
    ...(benchmark !== undefined && { benchmark }),
    ...(Object.keys(scores).length > 0 && { scores }),
    ...(Object.keys(why).length > 0 && { why }),
  };
}

/** What is wrong with a file is found by whoever opens it, and said once. */
function onceEach(findings: readonly PreflightFinding[]): readonly PreflightFinding[] {
  return findings.filter(
    ({ code, message }, index) => findings.findIndex((known) => known.code === code && known.message === message) === index,
  );
}
