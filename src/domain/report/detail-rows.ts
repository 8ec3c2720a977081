import type { Measurement, Report } from "#domain/evaluation/report.ts";
import { sliceText } from "#domain/gate/slice.ts";
import { formatCount } from "./format-number.ts";
import { measuredText } from "./measured-text.ts";

export interface MeasurementRow {
  readonly metric: string;
  readonly slice: string;
  readonly units: string;
  readonly baseline: string;
  readonly candidate: string;
  readonly difference: string;
}

/** Everything that was measured: all units first, then slices. */
export function measurementRows({ measurements }: Report): readonly MeasurementRow[] {
  const whole = measurements.filter(({ slice }) => slice === null);
  const sliced = measurements.filter(({ slice }) => slice !== null);
  return [...whole, ...sliced].map((measurement) => ({
    metric: measurement.metric,
    slice: sliceText(measurement.slice),
    units: formatCount(measurement.units),
    ...measuredText(measurement),
  }));
}

export interface ConventionLine {
  readonly metric: string;
  readonly text: string;
}

/** How each metric was computed, so that its numbers can be compared with another tool's. */
export function conventionLines({ measurements }: Report): readonly ConventionLine[] {
  const first = new Map<string, Measurement>();
  for (const measurement of measurements) if (!first.has(measurement.metric)) first.set(measurement.metric, measurement);
  return [...first.values()].map((measurement) => ({ metric: measurement.metric, text: conventionText(measurement) }));
}

function conventionText({ convention, unit, cluster, better, excluded, missing, difference, logRatio }: Measurement): string {
  const counted = Object.entries(excluded).filter(([, count]) => count > 0);
  const lacking = (["baseline", "candidate"] as const).filter((arm) => missing[arm] > 0);
  return [
    `${better} is better`,
    ...Object.entries(convention).map(([name, value]) => `${name} ${value}`),
    `unit ${unit}`,
    ...(cluster === unit ? [] : [`cluster ${cluster}`]),
    ...(logRatio !== undefined
      ? [`interval ${logRatio.confidence * 100} % ${logRatio.method}`]
      : difference === null
        ? []
        : [`interval ${difference.confidence * 100} % ${difference.method}`]),
    ...counted.map(([reason, count]) => `${formatCount(count)} units left out: ${reason}`),
    ...lacking.map((arm) => `${formatCount(missing[arm])} units missing in the ${arm}`),
  ].join(", ");
}
