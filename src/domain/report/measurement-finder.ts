import type { JudgedGate, Measurement, Report } from "#domain/evaluation/report.ts";

type Measured = Pick<JudgedGate, "metric" | "slice" | "dataset">;

/** Finds what a gate was judged on; undefined when that was not measured. Thousands of slices are looked up as fast as one. */
export function measurementFinder({ measurements }: Report): (gate: Measured) => Measurement | undefined {
  const byKey = new Map(measurements.map((measurement) => [keyOf(measurement), measurement]));
  return (gate) => byKey.get(keyOf(gate));
}

function keyOf({ metric, slice, dataset }: Measured): string {
  return JSON.stringify([metric, dataset, slice === null ? null : Object.entries(slice).toSorted()]);
}
