import type { PreflightFinding } from "#domain/evaluation/report.ts";
import { slicesIn } from "#domain/evaluation/slices-in.ts";
import type { Slice } from "#domain/gate/slice.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";
import type { ArmRows } from "./arm-rows.ts";
import type { RowMetric } from "./row-metric.ts";
import { lists, type RowArm, type RowTable } from "./row-table.ts";

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
  const { excludes } = metric;
  const { counted, rows, excluded, missing } = countedRows(table, slice, metric);
  // All rows need no copies, which every metric would hold.
  const pick = (values: Numbers): Numbers => (rows === "all" ? values : Float64Array.from(rows, (row) => values[row] ?? 0));
  const pickNames = (values: readonly string[]): readonly string[] =>
    rows === "all" ? values : Array.from(rows, (row) => values[row] ?? "");
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
    units: units === null ? counted : new Set(units).size,
    clusterCount: clusters === null ? counted : new Set(clusters).size,
    excluded: excludes === undefined ? {} : { [excludes.name]: excluded },
    missing,
  };
}

export type CountedRows = {
  readonly counted: number;
  /** The places of the rows that count; all rows of the table need no list. */
  readonly rows: "all" | Uint32Array;
  /** Rows that both arms have, and that the metric leaves out. */
  readonly excluded: number;
  readonly missing: RowSample["missing"];
};

/** Which rows count, and how many almost do. */
export function countedRows(
  { candidate, baseline, rows: count, weights, truth }: RowTable,
  slice: RowSlice | null,
  { excludes }: RowMetric,
): CountedRows {
  const size = slice === null ? count : slice.rows.length;
  const wholeTable = slice === null && candidate.listed === "all" && (baseline === null || baseline.listed === "all");
  if (wholeTable && weights === null && excludes === undefined)
    return { counted: size, rows: "all", excluded: 0, missing: { baseline: 0, candidate: 0 } };
  const kept = new Uint32Array(size);
  const missing = { baseline: 0, candidate: 0 };
  let [counted, excluded] = [0, 0];
  for (let place = 0; place < size; place += 1) {
    const row = slice === null ? place : (slice.rows[place] ?? 0);
    const lacking = { candidate: !lists(candidate.listed, row), baseline: baseline !== null && !lists(baseline.listed, row) };
    if (lacking.candidate) missing.candidate += 1;
    if (lacking.baseline) missing.baseline += 1;
    if (lacking.candidate || lacking.baseline || (weights !== null && !((weights[row] ?? 1) > 0))) continue;
    if (excludes?.when(truth[row] ?? 0) === true) {
      excluded += 1;
      continue;
    }
    kept[counted] = row;
    counted += 1;
  }
  return { counted, rows: counted === count ? "all" : kept.slice(0, counted), excluded, missing };
}

/** A unit counts once, however many rows it has: its rows share its weight. */
function unitWeights(units: readonly string[] | null, weights: Numbers | null): Numbers | null {
  if (units === null) return weights;
  const repeats = new Map<string, number>();
  for (const unit of units) repeats.set(unit, (repeats.get(unit) ?? 0) + 1);
  return Float64Array.from(units, (unit, row) => (weights?.[row] ?? 1) / (repeats.get(unit) ?? 1));
}
