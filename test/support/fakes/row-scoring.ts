import { byBytes } from "#domain/evaluation/by-bytes.ts";
import type { PreflightFinding } from "#domain/evaluation/report.ts";
import { armNeeds, inputProblem, rowKey, rowKind } from "#domain/evaluation/rows/row-columns.ts";
import type { RowAnswer, RowArm, RowTable } from "#domain/evaluation/rows/row-table.ts";
import { sliceColumns } from "#domain/evaluation/slice-columns.ts";
import type { RowScoringRequest } from "#ports/evaluation-engine.ts";
import { bucketNumber } from "./bucket-number.ts";
import type { EngineWorld, Row } from "./evaluation-engine.ts";

class Refused extends Error {
  readonly finding: PreflightFinding;
  constructor(code: string, message: string, verdict: PreflightFinding["verdict"] = "error") {
    super(message);
    this.finding = { code, verdict, message };
  }
}

/** Pairs rows in memory, by the definitions themselves. */
export function rowScoringFake(world: EngineWorld, request: RowScoringRequest): RowAnswer {
  const problems: PreflightFinding[] = [];
  try {
    return { kind: "rows", table: tableOf(world, request, problems), problems };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { kind: "rows", table: null, problems: [...problems, error.finding] };
  }
}

type Arm = ReadonlyMap<string, Row>;

function tableOf(world: EngineWorld, request: RowScoringRequest, problems: PreflightFinding[]): RowTable {
  const { columns, task, metrics, slices } = request;
  for (const metric of metrics) {
    const problem = inputProblem(metric, task, columns);
    if (problem !== null) throw new Refused("metric-input-missing", problem);
  }
  const candidateRows = rowsOf(world, request.candidate);
  if (candidateRows === null) throw new Refused("predictions-missing", "candidate", "no-data");
  const baselineRows = request.baseline === null ? null : rowsOf(world, request.baseline);
  if (request.baseline !== null && baselineRows === null) problems.push({ code: "predictions-missing", verdict: "no-data", message: "" });
  const candidate = armOf(candidateRows, request);
  const baseline = baselineRows === null ? null : armOf(baselineRows, request);
  const labelRows = request.labels === null ? null : rowsOf(world, request.labels);
  const items = request.items === undefined ? null : rowsOf(world, request.items);
  const described = labelRows ?? [...candidateRows, ...(baselineRows ?? [])];
  const describing = items === null ? described : described.map((row) => withItem(row, items, columns.item));
  const kind = rowKind(task, columns);
  const keys = [...new Set(describing.map((row) => keyOf(row, request)))].toSorted(byBytes);
  const byKey = Map.groupBy(describing, (row) => keyOf(row, request));
  const of = (column: string, code: string): readonly (string | number | null)[] =>
    keys.map((key) => {
      const values = new Set((byKey.get(key) ?? []).map((row) => valueIn(row, column)));
      if (values.size > 1) throw new Refused(code, key);
      return [...values][0] ?? null;
    });
  const label = of(columns.label, "labels-conflict");
  for (const value of label) checkLabel(value, kind, columns.positive);
  const logged = armNeeds(metrics, task, columns).propensity;
  const propensityColumn = columns.propensity ?? "propensity";
  if (logged)
    for (const row of describing) {
      const propensity = numberIn(row, propensityColumn, "propensity");
      if (propensity <= 0 || propensity > 1) throw new Refused("propensity-out-of-range", String(propensity));
    }
  const names = label.map(String);
  const classes = classesOf(request, names, [candidate, baseline]);
  const place = (name: unknown): number => {
    const index = classes.indexOf(String(name));
    if (index === -1) throw new Refused("class-unknown", String(name));
    return index;
  };
  const rows = (arm: Arm): RowArm => columnsOf(arm, keys, request, place);
  const { unit, cluster, weight } = columns;
  const unitColumn = unit ?? rowKey(columns).join(", ");
  return {
    key: rowKey(columns).join(", "),
    rows: keys.length,
    unit: { column: unitColumn, values: unit === undefined ? null : of(unit, "unit-varies-within-row").map(String) },
    cluster: {
      column: cluster ?? unitColumn,
      values: cluster === undefined ? null : of(cluster, "cluster-varies-within-row").map(String),
    },
    weights: weight === undefined ? null : of(weight, "weight-varies-within-row").map(Number),
    slices: sliceColumns(slices, (leaf) => {
      if (leaf.kind === "text") return of(leaf.column, "slice-varies-within-row");
      if (leaf.kind === "number")
        return of(leaf.column, "slice-varies-within-row").map((value) =>
          bucketNumber(value, () => new Refused("slice-not-numeric", leaf.column)),
        );
      const holds = world.predicates?.[leaf.where] ?? (() => false);
      return keys.map((key) => (byKey.get(key) ?? []).some(holds));
    }),
    truth: kind === "several" ? names.map(place) : label.map((value) => truthOf(value, columns.positive)),
    propensity: logged ? of(propensityColumn, "propensity-varies-within-row").map(Number) : null,
    classes,
    classesDeclared: kind === "binary" || columns.classes !== undefined || columns.probabilities !== undefined,
    candidate: rows(candidate),
    baseline: baseline === null ? null : rows(baseline),
    metrics,
    unlabelled: {
      candidate: [...candidate.keys()].filter((key) => !keys.includes(key)).length,
      baseline: [...(baseline?.keys() ?? [])].filter((key) => !keys.includes(key)).length,
    },
  };
}

/** What the catalogue says of a row's item, where the row does not say it itself. */
function withItem(row: Row, items: readonly Row[], column: string): Row {
  const names = [...new Set(items.flatMap((item) => Object.keys(item)))];
  const nothing = Object.fromEntries(names.map((name) => [name, null]));
  return { ...nothing, ...items.find((item) => item[column] === row[column]), ...row };
}

function rowsOf(world: EngineWorld, files: RowScoringRequest["candidate"]): readonly Row[] | null {
  const found = files.map(({ path }) => world.files.get(path));
  return found.some((rows) => rows === undefined) ? null : found.flatMap((rows) => rows ?? []);
}

function keyOf(row: Row, { columns }: RowScoringRequest): string {
  return rowKey(columns)
    .map((column) => {
      const value = valueIn(row, column);
      if (value === null) throw new Refused("identifier-missing", column);
      return String(value);
    })
    .join("\u001f");
}

function valueIn(row: Row, column: string): string | number | null {
  if (!Object.hasOwn(row, column)) throw new Refused("column-missing", column);
  return row[column] ?? null;
}

function numberIn(row: Row, column: string, role: string): number {
  const written = valueIn(row, column);
  if (written === null) throw new Refused(`${role}-missing`, column);
  if (["nan", "inf", "-inf"].includes(String(written).toLowerCase())) throw new Refused(`${role}-not-finite`, column);
  if (!Number.isFinite(Number(written))) throw new Refused(`${role}-not-numeric`, column);
  return Number(written);
}

function armOf(rows: readonly Row[], request: RowScoringRequest): Arm {
  const { columns, metrics, task } = request;
  const needs = armNeeds(metrics, task, columns);
  const arm = new Map<string, Row>();
  for (const row of rows) {
    const key = keyOf(row, request);
    if (arm.has(key)) throw new Refused("duplicate-rows", key);
    arm.set(key, row);
    if (needs.score) {
      const score = numberIn(row, columns.score, "score");
      if (needs.withinUnit && (score < 0 || score > 1)) throw new Refused("probability-out-of-range", key);
    }
    if (needs.interval && numberIn(row, columns.upper ?? "", "upper") < numberIn(row, columns.lower ?? "", "lower"))
      throw new Refused("interval-inverted", key);
    const probabilities = Object.values(columns.probabilities ?? {}).map((column) => numberIn(row, column, "probability"));
    if (probabilities.some((p) => p < 0 || p > 1)) throw new Refused("probability-out-of-range", key);
    if (probabilities.length > 0 && Math.abs(probabilities.reduce((sum, p) => sum + p, 0) - 1) > 1e-3)
      throw new Refused("probabilities-do-not-sum", key);
  }
  return arm;
}

function checkLabel(value: string | number | null, kind: "value" | "binary" | "several", positive: unknown): void {
  if (value === null) throw new Refused("label-missing", "");
  if (kind === "value" && !Number.isFinite(Number(value))) throw new Refused("label-not-numeric", String(value));
  if (kind === "binary" && positive === undefined && !["0", "1"].includes(String(value)))
    throw new Refused("labels-not-binary", String(value));
}

function truthOf(value: string | number | null, positive: string | number | boolean | undefined): number {
  if (positive === undefined) return Number(value);
  return String(value) === String(positive) ? 1 : 0;
}

function classesOf({ columns, task }: RowScoringRequest, labels: readonly string[], arms: readonly (Arm | null)[]): readonly string[] {
  const kind = rowKind(task, columns);
  if (kind === "value") return [];
  if (kind === "binary") return ["0", "1"];
  if (columns.classes !== undefined) return columns.classes;
  if (columns.probabilities !== undefined) return Object.keys(columns.probabilities);
  const predicted = arms.flatMap((arm) => [...(arm?.values() ?? [])].map((row) => String(valueIn(row, columns.class ?? ""))));
  return [...new Set([...labels, ...predicted])].toSorted(byBytes);
}

function columnsOf(
  arm: Arm,
  keys: readonly string[],
  { columns, metrics, task }: RowScoringRequest,
  place: (name: unknown) => number,
): RowArm {
  const needs = armNeeds(metrics, task, columns);
  const kind = rowKind(task, columns);
  const numbers = (column: string | undefined): readonly number[] =>
    keys.map((key) => {
      const row = arm.get(key);
      return row === undefined || column === undefined ? 0 : Number(valueIn(row, column));
    });
  const score = needs.score ? numbers(columns.score) : null;
  const byColumn = needs.probabilities ? Object.values(columns.probabilities ?? {}).map(numbers) : null;
  const named = needs.class ? keys.map((key) => arm.get(key)?.[columns.class ?? ""] ?? null) : null;
  const predicted = (): readonly number[] | null => {
    if (kind === "value") return null;
    if (named !== null && kind === "binary") return named.map((name) => truthOf(name, columns.positive));
    if (named !== null) return named.map((name, row) => (arm.has(keys[row] ?? "") ? place(name) : 0));
    if (kind === "binary") return score?.map((p) => (p >= 0.5 ? 1 : 0)) ?? null;
    return keys.map((_, row) => {
      const own = byColumn?.map((ofClass) => ofClass[row] ?? 0) ?? [];
      return own.indexOf(Math.max(...own));
    });
  };
  return {
    listed: keys.every((key) => arm.has(key)) ? "all" : keys.map((key) => arm.has(key)),
    score,
    predicted: predicted(),
    probabilities: byColumn,
    lower: needs.interval ? numbers(columns.lower) : null,
    upper: needs.interval ? numbers(columns.upper) : null,
  };
}
