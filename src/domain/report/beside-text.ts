import { operationalFamilies } from "#domain/evaluation/operational/operational-metrics.ts";
import type { Measurement, Report } from "#domain/evaluation/report.ts";
import { measuredText } from "./measured-text.ts";

const most = 6;

/** What was measured on all units without a gate, cost and latency first: nobody is asked to look for it in a table. */
export function besideText({ gates, measurements }: Report): string | null {
  const gated = new Set(gates.filter(({ slice }) => slice === null).map(({ metric }) => metric));
  const beside = measurements.filter(({ metric, slice }) => slice === null && !gated.has(metric));
  const ordered = [...beside.filter(operational), ...beside.filter((each) => !operational(each))];
  if (ordered.length === 0) return null;
  const more = ordered.length > most ? `; ${ordered.length - most} more in the details` : "";
  return `Measured without a gate: ${ordered.slice(0, most).map(shortly).join("; ")}${more}.`;
}

function operational({ metric }: Measurement): boolean {
  return operationalFamilies.some(({ read }) => typeof read(metric) === "object" && read(metric) !== null);
}

function shortly(measurement: Measurement): string {
  const { baseline, candidate, difference } = measuredText(measurement);
  const compared = measurement.difference !== null || measurement.logRatio !== undefined;
  return compared ? `${measurement.metric} ${baseline} → ${candidate} (${difference})` : `${measurement.metric} ${candidate}`;
}
