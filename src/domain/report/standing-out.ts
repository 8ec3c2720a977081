import type { Measurement, Report } from "#domain/evaluation/report.ts";
import { sliceText } from "#domain/gate/slice.ts";
import { benjaminiHochberg } from "#domain/statistics/benjamini-hochberg.ts";
import { studentTCdf } from "#domain/statistics/student-t.ts";

/** Of the slices that are said to stand out, this share at most is expected to be there by chance. */
const falseDiscoveryRate = 0.1;

/** How a slice that no gate judges compares with all others of its metric: whether it is still worse when their number is counted. */
export type Exploratory = ReadonlyMap<Measurement, "stands-out" | "perhaps-chance">;

/** Only slices that no gate judges are explored: a gate has a correction of its own. One-sided, towards worse. */
export function exploratorySlices({ measurements, gates }: Pick<Report, "measurements" | "gates">): Exploratory {
  const gated = new Set(gates.map(placeOf));
  const found = new Map<Measurement, "stands-out" | "perhaps-chance">();
  const explored = measurements.filter((known) => known.slice !== null && !gated.has(placeOf(known)));
  for (const metric of new Set(explored.map((known) => known.metric))) {
    const tested = explored.flatMap((measurement) => {
      const p = measurement.metric === metric ? worseByChance(measurement) : null;
      return p === null ? [] : [{ measurement, p }];
    });
    const adjusted = benjaminiHochberg(tested.map(({ p }) => p));
    tested.forEach(({ measurement }, index) => {
      found.set(measurement, (adjusted[index] ?? 1) <= falseDiscoveryRate ? "stands-out" : "perhaps-chance");
    });
  }
  return found;
}

/** How often a slice without any effect would look this much worse. */
function worseByChance({ better, difference }: Measurement): number | null {
  if (better === "target" || difference === null || difference.value === null || difference.standardError === null) return null;
  const errors = difference.value / difference.standardError;
  return studentTCdf(better === "higher" ? errors : -errors, difference.degreesOfFreedom ?? Number.POSITIVE_INFINITY);
}

/** Equal for what is of one metric and slice. */
export function placeOf({ metric, slice }: Pick<Measurement, "metric" | "slice">): string {
  return JSON.stringify([metric, slice === null ? null : sliceText(slice)]);
}
