import type { Slice } from "#domain/gate/slice.ts";
import { exactSum } from "#domain/statistics/exact-sum.ts";
import type { Metric } from "./metric.ts";
import type { PreflightFinding } from "./report.ts";
import type { ItemLists, ListedItems, PlainSliceColumn, ScoredMetric, ScoredTable, SliceColumn } from "./scored-table.ts";
import { slicesIn } from "./slices-in.ts";

/** One row per unit of analysis, in the order of their first query. */
export type UnitTable = {
  /** The evaluated dataset: seeds are made of it, so that other data draws anew. */
  readonly datasetDigest: string;
  readonly unitColumn: string;
  readonly clusterColumn: string;
  readonly clusters: readonly string[] | null;
  readonly weights: readonly number[] | null;
  readonly slices: readonly { readonly slice: Slice; readonly units: readonly number[] }[];
  /** What the slices are made of, a value a unit. */
  readonly sliceColumns: readonly SliceColumn[];
  readonly metrics: readonly UnitMetric[];
  readonly missing: { readonly candidate: readonly boolean[]; readonly baseline: readonly boolean[] };
};

export type UnitMetric = {
  readonly metric: Metric;
  readonly unmeasurable: string | null;
  readonly weights: readonly number[] | null;
  readonly counts?: Readonly<Record<string, readonly number[]>>;
  /** What a corpus metric counts; its units have the value 1 where they count. */
  readonly lists?: UnitLists;
} & UnitValues;
type UnitValues = { readonly candidate: readonly (number | null)[]; readonly baseline: readonly (number | null)[] | null };

/** The rows of each unit whose lists count, and the lists of all rows. */
export type UnitLists = Pick<ListedItems, "candidate" | "baseline" | "catalogue"> & { readonly rows: readonly (readonly number[])[] };

export type Units =
  | { readonly kind: "units"; readonly table: UnitTable }
  | { readonly kind: "problems"; readonly problems: readonly PreflightFinding[] };

/** Averages the queries of each unit, so that a unit counts once however often it repeats; what describes a unit must be constant in it. */
export function unitsOf(scored: ScoredTable, datasetDigest: string): Units {
  const groups = groupRows(scored);
  const problems: PreflightFinding[] = [];
  const one = <T>(values: readonly T[], code: string, column: string): readonly T[] =>
    groups.flatMap((rows) => {
      const own = rows.flatMap((row) => values.slice(row, row + 1));
      const other = own.find((value) => value !== own[0]);
      if (other !== undefined)
        problems.push(varies(code, column, scored.unit.column, unitName(scored, rows), String(own[0]), String(other)));
      return own.slice(0, 1);
    });

  const clusters = scored.cluster.values === null ? null : one(scored.cluster.values, "cluster-varies-within-unit", scored.cluster.column);
  const weights = scored.weights === null ? null : one(scored.weights.values, "weight-varies-within-unit", scored.weights.column);
  const perUnit = <C extends PlainSliceColumn>(column: C): C => ({
    ...column,
    values: one<string | number | null>(
      column.values,
      "slice-varies-within-unit",
      column.kind === "column" ? column.column : column.by.column,
    ),
  });
  const sliceColumns = scored.slices.map((column): SliceColumn => {
    if (column.kind === "predicate") return { ...column, values: one(column.values, "slice-varies-within-unit", column.name) };
    return column.kind === "cross" ? { ...column, parts: [perUnit(column.parts[0]), perUnit(column.parts[1])] } : perUnit(column);
  });
  const found = slicesIn(sliceColumns);
  problems.push(...found.problems);
  const slices = found.slices.map(({ slice, members }) => ({ slice, units: members }));
  if (problems.length > 0) return { kind: "problems", problems: firstOfEachCode(problems) };

  const missingIn = (listed: readonly boolean[] | null): readonly boolean[] =>
    groups.map((rows) => listed !== null && rows.every((row) => listed[row] === false));
  return {
    kind: "units",
    table: {
      datasetDigest,
      unitColumn: scored.unit.column,
      clusterColumn: scored.cluster.column,
      clusters,
      weights,
      slices,
      sliceColumns,
      metrics: scored.metrics.map((metric) => (metric.kind === "lists" ? unitLists(metric, groups) : unitMetric(metric, groups))),
      missing: { candidate: missingIn(scored.listed.candidate), baseline: missingIn(scored.listed.baseline) },
    },
  };
}

function firstOfEachCode(problems: readonly PreflightFinding[]): readonly PreflightFinding[] {
  return problems.filter((problem, index) => problems.findIndex(({ code }) => code === problem.code) === index);
}

function groupRows(scored: ScoredTable): readonly (readonly number[])[] {
  const { values } = scored.unit;
  if (values === null) return scored.rows.map((_, row) => [row]);
  const byUnit = new Map<string, number[]>();
  values.forEach((unit, row) => {
    const known = byUnit.get(unit);
    if (known === undefined) byUnit.set(unit, [row]);
    else known.push(row);
  });
  return [...byUnit.values()];
}

/** The mean of a unit's queries that count, each by its weight in this metric; the unit weighs as much as they do together. */
function unitMetric(scored: Exclude<ScoredMetric, ListedItems>, groups: readonly (readonly number[])[]): UnitMetric {
  if (scored.kind === "unmeasurable") {
    return { metric: scored.metric, unmeasurable: scored.reason, weights: null, candidate: [], baseline: null };
  }
  const { metric, candidate, baseline, weights = null, counts } = scored;
  const summed = (values: readonly number[]): readonly number[] =>
    groups.map((rows) => rows.reduce((sum, row) => sum + (values[row] ?? 0), 0));
  const counted = groups.map((rows) => rows.filter((row) => (candidate[row] ?? null) !== null));
  const averaged = (values: readonly (number | null)[]): readonly (number | null)[] =>
    counted.map((rows) => {
      const [only, ...others] = rows;
      if (only === undefined) return null;
      if (others.length === 0 && weights === null) return values[only] ?? 0;
      const weightOf = (row: number): number => weights?.[row] ?? 1;
      return exactSum(rows.map((row) => (values[row] ?? 0) * weightOf(row))) / exactSum(rows.map(weightOf));
    });
  return {
    metric,
    unmeasurable: null,
    weights: weights === null ? null : counted.map((rows) => exactSum(rows.map((row) => weights[row] ?? 0))),
    ...(counts && { counts: Object.fromEntries(Object.entries(counts).map(([what, values]) => [what, summed(values)])) }),
    candidate: averaged(candidate),
    baseline: baseline === null ? null : averaged(baseline),
  };
}

/** A unit counts in a corpus metric when both arms list one of its queries; of these queries alone, so that the arms answer the same ones. */
function unitLists({ metric, candidate, baseline, catalogue }: ListedItems, groups: readonly (readonly number[])[]): UnitMetric {
  const isListed = (lists: ItemLists | null, row: number): boolean => lists === null || lists.starts[row] !== lists.starts[row + 1];
  const rows = groups.map((own) => own.filter((row) => isListed(candidate, row) && isListed(baseline, row)));
  const counts = rows.map((own) => (own.length === 0 ? null : 1));
  const lists = { candidate, baseline, catalogue, rows };
  return { metric, unmeasurable: null, weights: null, lists, candidate: counts, baseline: baseline === null ? null : counts };
}

function unitName(scored: ScoredTable, rows: readonly number[]): string {
  const row = rows[0] ?? 0;
  return (scored.unit.values ?? scored.rows)[row] ?? "";
}

function varies(code: string, column: string, unitColumn: string, unit: string, first: string, other: string): PreflightFinding {
  const where = `in the unit ${unitColumn} = ${JSON.stringify(unit)}`;
  const message = `${JSON.stringify(column)} has more than one value ${where}: ${JSON.stringify(first)} and ${JSON.stringify(other)}. It must be constant within a unit.`;
  return { code, verdict: "error", message };
}
