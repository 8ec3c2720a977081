import type { Difference, Measurement, Report } from "#domain/evaluation/report.ts";
import { sliceText } from "#domain/gate/slice.ts";
import { printableText } from "#domain/text/printable-text.ts";

/** The differences of one metric, on all units and on each slice, to be drawn under each other on one scale. */
export interface Forest {
  readonly metric: string;
  /** `candidate − baseline`, or `change in %` where arms are compared by their ratio. */
  readonly axis: string;
  readonly rows: readonly ForestRow[];
  /** What the drawing says, for who does not see it. */
  readonly summary: string;
  /** How many slices are not drawn. */
  readonly left: number;
}

export interface ForestRow {
  readonly label: string;
  readonly lower: number;
  readonly value: number;
  readonly upper: number;
  readonly standing: Standing;
}

/** On which side of no change the whole interval lies. */
export type Standing = "better" | "worse" | "unclear";

const mostForests = 8;
const mostRows = 40;

/** The metrics with an interval, those with gates first; of each all units first, then its slices, the worst first. */
export function forestsOf(report: Report): readonly Forest[] {
  const metrics = [...new Set([...report.gates, ...report.measurements].map(({ metric }) => metric))];
  return metrics.flatMap((metric) => forestOf(report, metric)).slice(0, mostForests);
}

function forestOf({ measurements, dataset }: Report, metric: string): readonly Forest[] {
  const drawn = measurements
    .filter((measurement) => measurement.metric === metric)
    .flatMap((measurement) => rowOf(measurement, dataset.name));
  if (drawn.length === 0) return [];
  const whole = drawn.filter(({ slice }) => slice === null);
  const sliced = drawn.filter(({ slice }) => slice !== null).toSorted((a, b) => badness(b) - badness(a));
  const rows = [...whole, ...sliced].slice(0, mostRows).map(({ row }) => row);
  const byRatio = drawn.some(({ measurement }) => measurement.logRatio !== undefined);
  const forest = { metric, axis: byRatio ? "change in %" : "candidate − baseline", rows, left: drawn.length - rows.length };
  return [{ ...forest, summary: summaryOf(forest) }];
}

interface Drawn {
  readonly measurement: Measurement;
  readonly slice: Measurement["slice"];
  readonly row: ForestRow;
}

function rowOf(measurement: Measurement, usual: string): readonly Drawn[] {
  const { dataset, slice, difference, logRatio } = measurement;
  const interval = logRatio === undefined ? boundsOf(difference) : percents(boundsOf(logRatio));
  if (interval === null) return [];
  const label = printableText(dataset === usual ? sliceText(slice) : `${sliceText(slice)} (${dataset})`, 200);
  return [{ measurement, slice, row: { label, ...interval, standing: standingOf(measurement, interval) } }];
}

type Bounds = Pick<ForestRow, "lower" | "value" | "upper">;

function boundsOf(difference: Difference | null): Bounds | null {
  if (difference === null) return null;
  const { lower, value, upper } = difference;
  return lower === null || value === null || upper === null ? null : { lower, value, upper };
}

function percents(bounds: Bounds | null): Bounds | null {
  if (bounds === null) return null;
  const percent = (logRatio: number): number => 100 * (Math.exp(logRatio) - 1);
  return { lower: percent(bounds.lower), value: percent(bounds.value), upper: percent(bounds.upper) };
}

function standingOf({ better }: Measurement, { lower, upper }: Bounds): Standing {
  if (better === "target" || (lower <= 0 && upper >= 0)) return "unclear";
  return lower > 0 === (better === "higher") ? "better" : "worse";
}

function badness({ measurement: { better }, row: { value } }: Drawn): number {
  return better === "higher" ? -value : better === "lower" ? value : Math.abs(value);
}

function summaryOf({ metric, axis, rows }: Omit<Forest, "summary">): string {
  const count = (standing: Standing): number => rows.filter((row) => row.standing === standing).length;
  return `${metric}, ${axis} with 95 % intervals, ${rows.length} ${rows.length === 1 ? "row" : "rows"}: ${count("worse")} worse, ${count("better")} better, ${count("unclear")} without a clear difference. The table of all measurements has the numbers.`;
}
