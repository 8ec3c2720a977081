import type { Measurement, Report } from "#domain/evaluation/report.ts";
import { sliceText } from "#domain/gate/slice.ts";
import { formatCount } from "./format-number.ts";
import { measuredText } from "./measured-text.ts";
import { exploratorySlices, placeOf } from "./standing-out.ts";

export interface SliceRow {
  readonly slice: string;
  readonly metric: string;
  readonly units: string;
  readonly baseline: string;
  readonly candidate: string;
  readonly difference: string;
  readonly finding: string;
}

export interface SliceSummary {
  /** `0 of 12 slices regressed`, and how many would by chance alone; null when no slice was measured. */
  readonly sentence: string | null;
  /** What regressed, then what its gates could not settle. */
  readonly rows: readonly SliceRow[];
}

/** The slices that deserve a look. A slice has regressed on a metric when the whole interval of its difference is on the worse side of 0. */
export function sliceSummary(report: Report): SliceSummary {
  const sliced = report.measurements.filter(({ slice, difference }) => slice !== null && difference !== null);
  if (sliced.length === 0) return { sentence: null, rows: [] };
  const regressed = sliced.filter(hasRegressed);
  const open = new Set(report.gates.filter(({ verdict }) => verdict === "inconclusive").map(placeOf));
  const unsettled = sliced.filter((measurement) => !hasRegressed(measurement) && open.has(placeOf(measurement)));
  const explored = exploratorySlices(report);
  const findingOf = (each: Measurement): string => `regressed${marks[explored.get(each) ?? "gated"]}`;
  return {
    sentence: sentenceOf(sliced, regressed),
    rows: [...regressed.map((each) => rowOf(each, findingOf(each))), ...unsettled.map((each) => rowOf(each, "inconclusive"))],
  };
}

/** What a slice that no gate judges is worth among all others: Benjamini and Hochberg at q = 0.1. */
const marks = {
  "stands-out": ", stands out among all (BH, q 0.1)",
  "perhaps-chance": ", perhaps by chance (BH, q 0.1)",
  gated: "",
} as const;

function hasRegressed({ better, difference }: Measurement): boolean {
  if (difference === null || difference.lower === null || difference.upper === null) return false;
  if (better === "target") return false;
  return better === "higher" ? difference.upper < 0 : difference.lower > 0;
}

/** The 95 % intervals are each for themselves; among many slices some lie on the worse side by chance, and the reader should know how many. */
function sentenceOf(sliced: readonly Measurement[], regressed: readonly Measurement[]): string {
  const distinct = (measurements: readonly Measurement[]) => new Set(measurements.map(({ slice }) => sliceText(slice))).size;
  const total = distinct(sliced);
  const chance = sliced.reduce((sum, { difference }) => sum + (1 - (difference?.confidence ?? 0.95)) / 2, 0);
  const plain = `${distinct(regressed)} of ${formatCount(total)} ${total === 1 ? "slice" : "slices"} regressed`;
  if (regressed.length === 0 || sliced.length < 2) return plain;
  const compared = `${formatCount(sliced.length)} comparisons`;
  return `${plain} (of ${compared}, about ${chance < 0.95 ? chance.toFixed(1) : Math.round(chance)} would by chance alone)`;
}

function rowOf(measurement: Measurement, finding: string): SliceRow {
  const { slice, metric, units } = measurement;
  return { slice: sliceText(slice), metric, units: formatCount(units), ...measuredText(measurement), finding };
}
