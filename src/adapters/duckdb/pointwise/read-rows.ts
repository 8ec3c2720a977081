import type { DuckDBConnection } from "@duckdb/node-api";
import { DataProblem } from "#adapters/duckdb/data-problem.ts";
import { idText } from "#adapters/duckdb/ids.ts";
import { readSlices } from "#adapters/duckdb/slice-sql.ts";
import { streamColumns } from "#adapters/duckdb/stream-columns.ts";
import { byBytes } from "#domain/evaluation/by-bytes.ts";
import { rowKey } from "#domain/evaluation/rows/row-columns.ts";
import type { RowMetric } from "#domain/evaluation/rows/row-metric.ts";
import { lists, mostNamedRows, type RowArm, type RowTable } from "#domain/evaluation/rows/row-table.ts";
import type { RowScoringRequest } from "#ports/evaluation-engine.ts";
import type { TruthColumn } from "./load-truth.ts";
import { type ArmColumns, joined, type RowReading, readColumns } from "./read-columns.ts";

/** Reads the paired rows in the order of their keys, so that neither files nor threads decide anything. */
export async function readRows(connection: DuckDBConnection, reading: RowReading): Promise<RowTable> {
  const { request, kind, wanted, hasBaseline } = reading;
  const { columns, metrics } = request;
  // Without a labels file the labelled rows are those of the arms.
  const labelsApart = request.labels !== null;
  const from = await joined(connection, hasBaseline);
  const read = await readColumns(connection, reading, from);
  const role = (name: TruthColumn["role"]): TruthColumn | undefined => wanted.find((known) => known.role === name);
  const [unit, cluster, weight, propensity] = [role("unit"), role("cluster"), role("weight"), role("propensity")];
  const label = role("label")?.alias ?? "";
  const arms = { candidate: read.arm("candidate"), baseline: hasBaseline ? read.arm("baseline") : null };
  const names = hasBaseline && read.rows <= mostNamedRows && metrics.some(hasRowValues) ? await namesOf(connection, read.rows) : null;
  const named = kind === "several" ? read.values(label) : [];
  const classes = classesOf(reading, named, [arms.candidate, arms.baseline]);
  const indexOf = new Map(classes.map((name, index) => [name, index]));
  const place = (name: unknown, column: string): number => {
    const index = indexOf.get(String(name));
    if (index !== undefined) return index;
    const list = classes
      .slice(0, 10)
      .map((known) => JSON.stringify(known))
      .join(", ");
    const message = `Column ${JSON.stringify(column)} holds the class ${JSON.stringify(String(name))}, which is none of the declared ones: ${list}.`;
    throw new DataProblem("class-unknown", message);
  };
  const armOf = (arm: ArmColumns): RowArm => armRows(reading, arm, (name) => place(name, columns.class ?? ""));
  const unitColumn = unit?.name ?? rowKey(columns).join(", ");
  return {
    key: rowKey(columns).join(", "),
    rows: read.rows,
    ...(names !== null && { names }),
    unit: { column: unitColumn, values: unit === undefined ? null : read.texts(unit.alias) },
    cluster: cluster === undefined ? { column: unitColumn, values: null } : { column: cluster.name, values: read.texts(cluster.alias) },
    weights: weight === undefined ? null : read.numbers(weight.alias),
    slices: readSlices(request.slices, wanted, (index) => read.values(wanted[index]?.alias ?? "")),
    truth: kind === "several" ? Float64Array.from(named, (name) => place(name, columns.label)) : read.numbers(label),
    propensity: propensity === undefined ? null : read.numbers(propensity.alias),
    classes,
    classesDeclared: kind === "binary" || columns.classes !== undefined || columns.probabilities !== undefined,
    candidate: armOf(arms.candidate),
    baseline: arms.baseline === null ? null : armOf(arms.baseline),
    metrics,
    unlabelled: {
      candidate: labelsApart ? await unlabelled(connection, "candidate") : 0,
      baseline: labelsApart && hasBaseline ? await unlabelled(connection, "baseline") : 0,
    },
  };
}

function hasRowValues({ estimator }: RowMetric): boolean {
  return estimator.kind === "linearised" && estimator.method === "mean";
}

/** The rows' keys, in the order of the rows. */
async function namesOf(connection: DuckDBConnection, rows: number): Promise<readonly string[]> {
  const wanted = { numbers: [], values: [idText("r")] };
  const [keys = []] = (await streamColumns(connection, wanted, "FROM truth ORDER BY r", rows)).values;
  return keys.map((key) => String(key).replaceAll("\u001f", ", "));
}

/** The predicted class: as named, else the most probable (the first of equal ones), else by the score. */
function armRows({ kind, request: { columns, metrics } }: RowReading, arm: ArmColumns, place: (name: unknown) => number): RowArm {
  const { listed, score, named, decided, lower, upper } = arm;
  const probabilities = ordered(columns, arm);
  const common = { listed, score, probabilities, lower, upper };
  if (kind === "value") return { ...common, predicted: null };
  if (kind === "binary") {
    const isShown = metrics.some((metric) => metric.input === "binary-class" || metric.input === "class" || hasRowValues(metric));
    return { ...common, predicted: decided ?? (isShown ? (score?.map((p) => (p >= 0.5 ? 1 : 0)) ?? null) : null) };
  }
  if (named !== null) return { ...common, predicted: Float64Array.from(named, (name, row) => (lists(listed, row) ? place(name) : 0)) };
  if (probabilities === null) return { ...common, predicted: null };
  const [first = new Float64Array()] = probabilities;
  const predicted = first.map((_, row) =>
    probabilities.reduce((best, ofClass, index) => ((ofClass[row] ?? 0) > (probabilities[best]?.[row] ?? 0) ? index : best), 0),
  );
  return { ...common, predicted };
}

/** Probabilities in the order of the classes; a declared class without a column has none. */
function ordered({ probabilities = {}, classes }: Columns, arm: ArmColumns): RowArm["probabilities"] {
  if (arm.probabilities === null || classes === undefined) return arm.probabilities;
  const declared = Object.keys(probabilities);
  return classes.map((name) => arm.probabilities?.[declared.indexOf(name)] ?? new Float64Array(arm.rows));
}

type Columns = RowScoringRequest["columns"];

function classesOf(
  { kind, request: { columns } }: RowReading,
  label: readonly unknown[],
  arms: readonly (ArmColumns | null)[],
): readonly string[] {
  if (kind === "value") return [];
  if (kind === "binary") return ["0", "1"];
  if (columns.classes !== undefined) return columns.classes;
  if (columns.probabilities !== undefined) return Object.keys(columns.probabilities);
  const seen = new Set(label.map(String));
  for (const arm of arms)
    for (const [row, name] of (arm?.named ?? []).entries()) if (arm !== null && lists(arm.listed, row)) seen.add(String(name));
  return [...seen].toSorted(byBytes);
}

async function unlabelled(connection: DuckDBConnection, arm: "candidate" | "baseline"): Promise<number> {
  const sql = `SELECT count(*)::DOUBLE FROM ${arm} ANTI JOIN truth USING (r)`;
  return Number((await connection.runAndReadAll(sql)).getRowsJS()[0]?.[0] ?? 0);
}
