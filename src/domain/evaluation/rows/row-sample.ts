import type { PreflightFinding } from "#domain/evaluation/report.ts";
import { slicesIn } from "#domain/evaluation/slices-in.ts";
import type { Slice } from "#domain/gate/slice.ts";
import type { ArmRows } from "./arm-rows.ts";
import type { RowMetric } from "./row-metric.ts";
import type { RowArm, RowTable } from "./row-table.ts";

/** The rows of one slice and metric that both arms have. */
export type RowSample = {
  readonly candidate: ArmRows;
  readonly baseline: ArmRows | null;
  /** null: every row is its own. */
  readonly clusters: readonly string[] | null;
  readonly units: number;
  readonly clusterCount: number;
  readonly excluded: Readonly<Record<string, number>>;
  readonly missing: { readonly baseline: number; readonly candidate: number };
};

export type RowSlice = { readonly slice: Slice; readonly rows: readonly number[] };

/** The slices of the rows; too many values are identifiers, and a problem. */
export function rowSlices({ slices }: RowTable): { readonly slices: readonly RowSlice[]; readonly problems: readonly PreflightFinding[] } {
  const found = slicesIn(slices);
  return { slices: found.slices.map(({ slice, members }) => ({ slice, rows: members })), problems: found.problems };
}

/** Takes the rows of a slice (null: all) that count for a metric: those both arms have, of a weight above 0, and not excluded by it. */
export function rowSample(table: RowTable, slice: RowSlice | null, metric: RowMetric): RowSample {
  const { candidate, baseline } = table;
  const { inSlice, both, rows } = countedRows(table, slice, metric);
  const { excludes } = metric;
  const all = rows.length === table.rows;
  // All rows need no copies, which every metric would hold.
  const pick = (values: readonly number[]): readonly number[] => (all ? values : rows.map((row) => values[row] ?? 0));
  const pickNames = (values: readonly string[]): readonly string[] => (all ? values : rows.map((row) => values[row] ?? ""));
  const units = table.unit.values === null ? null : pickNames(table.unit.values);
  const clusters = table.cluster.values === null ? units : pickNames(table.cluster.values);
  const weights = unitWeights(units, table.weights === null ? null : pick(table.weights));
  const armOf = (arm: RowArm): ArmRows => ({
    truth: pick(table.truth),
    score: arm.score === null ? null : pick(arm.score),
    predicted: arm.predicted === null ? null : pick(arm.predicted),
    probabilities: arm.probabilities === null ? null : arm.probabilities.map(pick),
    lower: arm.lower === null ? null : pick(arm.lower),
    upper: arm.upper === null ? null : pick(arm.upper),
    ...(arm.denominator !== undefined && { denominator: pick(arm.denominator) }),
    propensity: table.propensity === null ? null : pick(table.propensity),
    weights,
    classes: table.classes,
    classesDeclared: table.classesDeclared,
  });
  return {
    candidate: armOf(candidate),
    baseline: baseline === null ? null : armOf(baseline),
    clusters,
    units: units === null ? rows.length : new Set(units).size,
    clusterCount: clusters === null ? rows.length : new Set(clusters).size,
    excluded: excludes === undefined ? {} : { [excludes.name]: both.length - rows.length },
    missing: {
      baseline: inSlice.filter((row) => lacks(baseline, row)).length,
      candidate: inSlice.filter((row) => lacks(candidate, row)).length,
    },
  };
}

/** The places of the rows that count, and of those that almost do. */
export function countedRows(
  { candidate, baseline, rows: count, weights, truth }: RowTable,
  slice: RowSlice | null,
  { excludes }: RowMetric,
): { readonly inSlice: readonly number[]; readonly both: readonly number[]; readonly rows: readonly number[] } {
  const inSlice = slice === null ? Array.from({ length: count }, (_, row) => row) : slice.rows;
  const both = inSlice.filter((row) => !lacks(candidate, row) && !lacks(baseline, row) && (weights?.[row] ?? 1) > 0);
  return { inSlice, both, rows: excludes === undefined ? both : both.filter((row) => !excludes.when(truth[row] ?? 0)) };
}

function lacks(arm: RowArm | null, row: number): boolean {
  return arm !== null && arm.listed[row] === false;
}

/** A unit counts once, however many rows it has: its rows share its weight. */
function unitWeights(units: readonly string[] | null, weights: readonly number[] | null): readonly number[] | null {
  if (units === null) return weights;
  const repeats = new Map<string, number>();
  for (const unit of units) repeats.set(unit, (repeats.get(unit) ?? 0) + 1);
  return units.map((unit, row) => (weights?.[row] ?? 1) / (repeats.get(unit) ?? 1));
}
