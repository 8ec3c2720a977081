import { type Slice, sameSlice } from "#domain/gate/slice.ts";
import { type CorpusValues, corpusValues } from "./corpus-values.ts";
import type { Metric } from "./metric.ts";
import { seedOf } from "./seed.ts";
import type { UnitMetric, UnitTable } from "./unit-table.ts";

/** The units of one metric and slice that count, in one order for all columns. */
export type Sample = {
  readonly metric: Metric;
  readonly candidate: readonly number[];
  readonly baseline: readonly number[] | null;
  readonly clusters: readonly string[] | null;
  readonly weights: readonly number[] | null;
  /** Units that do not count, by why. */
  readonly excluded: Readonly<Record<string, number>>;
  readonly missing: { readonly baseline: number; readonly candidate: number };
  /** What was treated specially in the units that count, by what. */
  readonly counts?: Readonly<Record<string, number>>;
  /** The value of a corpus metric on these units, for each arm that there is; null for a mean over units. */
  readonly corpus: CorpusValues | null;
};

/** Takes the units of a slice (null: all) that have a value. Null when the slice was not measured. */
export function sampleOf(table: UnitTable, measured: UnitMetric, slice: Slice | null): Sample | null {
  const chosen = slice === null ? null : table.slices.find((known) => sameSlice(known.slice, slice));
  if (chosen === undefined) return null;
  const inSlice = chosen === null ? null : new Set(chosen.units);
  const counts = measured.candidate.map((value, unit) => value !== null && (inSlice === null || inSlice.has(unit)));
  const pick = <T>(values: readonly T[]): readonly T[] => values.filter((_, unit) => counts[unit]);
  const numbers = (values: readonly (number | null)[]): readonly number[] => pick(values).map((value) => value ?? 0);
  const candidate = numbers(measured.candidate);
  const weights = weightsOf(table, measured, pick);
  return {
    metric: measured.metric,
    candidate,
    baseline: measured.baseline === null ? null : numbers(measured.baseline),
    clusters: table.clusters === null ? null : pick(table.clusters),
    weights,
    ...(measured.counts && {
      counts: Object.fromEntries(
        Object.entries(measured.counts).map(([what, values]) => [what, pick(values).reduce((sum, count) => sum + count, 0)]),
      ),
    }),
    excluded: excludedFrom(table, measured, inSlice),
    missing: {
      baseline: pick(table.missing.baseline).filter((missing) => missing).length,
      candidate: pick(table.missing.candidate).filter((missing) => missing).length,
    },
    corpus:
      measured.lists === undefined
        ? null
        : corpusValues(
            measured.metric,
            { ...measured.lists, rows: pick(measured.lists.rows) },
            weights,
            seedOf(table.datasetDigest, measured.metric.name, slice),
          ),
  };
}

function weightsOf(table: UnitTable, measured: UnitMetric, pick: (values: readonly number[]) => readonly number[]): Sample["weights"] {
  if (measured.weights === null) return table.weights === null ? null : pick(table.weights);
  return pick(measured.weights.map((weight, unit) => weight * (table.weights?.[unit] ?? 1)));
}

function excludedFrom(table: UnitTable, { metric, candidate }: UnitMetric, inSlice: ReadonlySet<number> | null): Sample["excluded"] {
  const excluded = candidate.flatMap((value, unit) => (value === null && (inSlice === null || inSlice.has(unit)) ? [unit] : []));
  const reason = metric.countsWith === "both-classes" ? "oneClass" : "noRelevant";
  if (metric.convention.missing !== "intersect") return { [reason]: excluded.length };
  const missing = excluded.filter((unit) => table.missing.candidate[unit] === true || table.missing.baseline[unit] === true).length;
  return { [reason]: excluded.length - missing, missing };
}
