import type { JudgedGate, Measurement, Report } from "#domain/evaluation/report.ts";
import { sameSlice } from "#domain/gate/slice.ts";

/** What a gate was judged on; undefined when that was not measured. */
export function measurementOf(report: Report, gate: Pick<JudgedGate, "metric" | "slice" | "dataset">): Measurement | undefined {
  return report.measurements.find(
    ({ metric, slice, dataset }) => metric === gate.metric && dataset === gate.dataset && sameSlice(slice, gate.slice),
  );
}
