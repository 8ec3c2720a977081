import type { DuckDBConnection } from "@duckdb/node-api";
import { DataProblem } from "#adapters/duckdb/data-problem.ts";
import { idText } from "#adapters/duckdb/ids.ts";
import { readSlices } from "#adapters/duckdb/slice-sql.ts";
import { streamColumns } from "#adapters/duckdb/stream-columns.ts";
import { byBytes } from "#domain/evaluation/by-bytes.ts";
import { type ArmNeeds, type RowKind, rowKey } from "#domain/evaluation/rows/row-columns.ts";
import type { RowMetric } from "#domain/evaluation/rows/row-metric.ts";
import { mostNamedRows, type RowArm, type RowTable } from "#domain/evaluation/rows/row-table.ts";
import type { RowScoringRequest } from "#ports/evaluation-engine.ts";
import { positiveSql, type TruthColumn } from "./load-truth.ts";

export type RowReading = {
  readonly request: RowScoringRequest;
  readonly kind: RowKind;
  readonly needs: ArmNeeds;
  readonly wanted: readonly TruthColumn[];
  readonly hasBaseline: boolean;
};

/** Reads the paired rows in the order of their keys, so that neither files nor threads decide anything. */
export async function readRows(connection: DuckDBConnection, reading: RowReading): Promise<RowTable> {
  const { request, kind, wanted, hasBaseline } = reading;
  const { columns, metrics } = request;
  // Without a labels file the labelled rows are those of the arms.
  const labelsApart = request.labels !== null;
  const own = armSql("candidate", reading);
  const other = hasBaseline ? armSql("baseline", reading) : [];
  const read = await columnsOf(connection, [...wanted.map(({ alias }) => `truth.${alias}`), ...own, ...other], hasBaseline);
  const truth = read.slice(0, wanted.length);
  const ofArms = read.slice(wanted.length);
  const role = (name: TruthColumn["role"]): { readonly name: string; readonly values: readonly unknown[] } | null => {
    const index = wanted.findIndex((known) => known.role === name);
    const found = wanted[index];
    return found === undefined ? null : { name: found.name, values: truth[index] ?? [] };
  };
  const unit = role("unit");
  const cluster = role("cluster");
  const weight = role("weight");
  const propensity = role("propensity");
  const label = role("label")?.values ?? [];
  const arms = {
    candidate: armColumns(ofArms.slice(0, own.length), reading),
    baseline: hasBaseline ? armColumns(ofArms.slice(own.length), reading) : null,
  };
  const names = hasBaseline && label.length <= mostNamedRows && metrics.some(hasRowValues) ? await namesOf(connection) : null;
  const classes = classesOf(reading, label, [arms.candidate, arms.baseline]);
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
    rows: label.length,
    ...(names !== null && { names }),
    unit: { column: unitColumn, values: unit === null ? null : unit.values.map(String) },
    cluster: cluster === null ? { column: unitColumn, values: null } : { column: cluster.name, values: cluster.values.map(String) },
    weights: weight === null ? null : numbers(weight.values),
    slices: readSlices(request.slices, wanted, (index) => truth[index]),
    truth: kind === "several" ? label.map((name) => place(name, columns.label)) : numbers(label),
    propensity: propensity === null ? null : numbers(propensity.values),
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
async function namesOf(connection: DuckDBConnection): Promise<readonly string[]> {
  const [keys = []] = await streamColumns(connection, `SELECT ${idText("r")} AS name FROM truth ORDER BY name`, 1);
  return keys.map((key) => String(key).replaceAll("\u001f", ", "));
}

type ArmColumns = {
  readonly listed: readonly boolean[];
  readonly score: readonly number[] | null;
  readonly named: readonly unknown[] | null;
  readonly probabilities: readonly (readonly number[])[] | null;
  readonly lower: readonly number[] | null;
  readonly upper: readonly number[] | null;
};

/** What is read of an arm, in the order in which {@link armColumns} takes it apart. */
function armSql(arm: "candidate" | "baseline", { request: { columns }, kind, needs }: RowReading): readonly string[] {
  const ofClass = kind === "binary" && columns.positive !== undefined ? positiveSql(`${arm}.c`, columns.positive) : `${arm}.c`;
  return [
    `${arm}.r IS NOT NULL`,
    ...(needs.score ? [`${arm}.s`] : []),
    ...(needs.class ? [ofClass] : []),
    ...(needs.probabilities ? Object.keys(columns.probabilities ?? {}).map((_, index) => `${arm}.p${index}`) : []),
    ...(needs.interval ? [`${arm}.lo`, `${arm}.hi`] : []),
  ];
}

function armColumns(found: readonly (readonly unknown[])[], { request: { columns }, needs }: RowReading): ArmColumns {
  const read = [...found];
  const take = (count: number): readonly (readonly unknown[])[] => read.splice(0, count);
  const [listed = []] = take(1);
  const [score] = take(needs.score ? 1 : 0);
  const [named] = take(needs.class ? 1 : 0);
  const probabilities = take(needs.probabilities ? Object.keys(columns.probabilities ?? {}).length : 0);
  const [lower, upper] = take(needs.interval ? 2 : 0);
  return {
    listed: listed.map((value) => value === true),
    score: score === undefined ? null : numbers(score),
    named: named ?? null,
    probabilities: needs.probabilities ? probabilities.map(numbers) : null,
    lower: lower === undefined ? null : numbers(lower),
    upper: upper === undefined ? null : numbers(upper),
  };
}

/** The predicted class: as named, else the most probable (the first of equal ones), else by the score. */
function armRows({ kind, request: { columns } }: RowReading, arm: ArmColumns, place: (name: unknown) => number): RowArm {
  const { listed, score, named, lower, upper } = arm;
  const probabilities = ordered(columns, arm);
  const common = { listed, score, probabilities, lower, upper };
  if (kind === "value") return { ...common, predicted: null };
  if (kind === "binary") return { ...common, predicted: named !== null ? numbers(named) : (score?.map((p) => (p >= 0.5 ? 1 : 0)) ?? null) };
  if (named !== null) return { ...common, predicted: named.map((name, row) => (listed[row] === true ? place(name) : 0)) };
  if (probabilities === null) return { ...common, predicted: null };
  const predicted = listed.map((_, row) =>
    probabilities.reduce((best, ofClass, index) => ((ofClass[row] ?? 0) > (probabilities[best]?.[row] ?? 0) ? index : best), 0),
  );
  return { ...common, predicted };
}

/** Probabilities in the order of the classes; a declared class without a column has none. */
function ordered({ probabilities = {}, classes }: Columns, arm: ArmColumns): RowArm["probabilities"] {
  if (arm.probabilities === null || classes === undefined) return arm.probabilities;
  const declared = Object.keys(probabilities);
  return classes.map((name) => arm.probabilities?.[declared.indexOf(name)] ?? arm.listed.map(() => 0));
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
  for (const arm of arms) for (const [row, name] of (arm?.named ?? []).entries()) if (arm?.listed[row] === true) seen.add(String(name));
  return [...seen].toSorted(byBytes);
}

/** Columns of all labelled rows beside both arms' ones: joined and ordered once. */
async function columnsOf(
  connection: DuckDBConnection,
  expressions: readonly string[],
  hasBaseline: boolean,
): Promise<readonly (readonly unknown[])[]> {
  const list = expressions.map((expression, index) => `${expression} AS c${index}`).join(", ");
  const baseline = hasBaseline ? "LEFT JOIN baseline ON baseline.r = truth.r" : "";
  const sql = `SELECT ${list} FROM truth LEFT JOIN candidate ON candidate.r = truth.r ${baseline} ORDER BY ${idText("truth.r")}`;
  return streamColumns(connection, sql, expressions.length);
}

async function unlabelled(connection: DuckDBConnection, arm: "candidate" | "baseline"): Promise<number> {
  const sql = `SELECT count(*)::DOUBLE FROM ${arm} ANTI JOIN truth USING (r)`;
  return Number((await connection.runAndReadAll(sql)).getRowsJS()[0]?.[0] ?? 0);
}

function numbers(values: readonly unknown[]): readonly number[] {
  return values.map((value) => (typeof value === "number" ? value : 0));
}
