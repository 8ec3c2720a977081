import { byBytes } from "#domain/evaluation/by-bytes.ts";
import type { PreflightFinding } from "#domain/evaluation/report.ts";
import type { UnitMetric } from "#domain/evaluation/units/unit-metric.ts";
import type { UnitAnswer, UnitColumn } from "#domain/evaluation/units/unit-scores.ts";
import type { InputFile, UnitScoringRequest } from "#ports/evaluation-engine.ts";
import type { EngineWorld, Row } from "./evaluation-engine.ts";

/** A model's own metrics in memory: expressions are functions of a unit's rows, scores are averaged over its rows. No slices or clusters. */
export function unitScoringFake(world: EngineWorld, request: UnitScoringRequest): UnitAnswer {
  const { grain, metrics } = request;
  const arms: ReadonlyMap<string, readonly Row[]>[] = [];
  for (const files of [request.candidate, request.baseline]) {
    if (files === null) continue;
    const rows = rowsOf(world, files);
    if (rows === null) return { table: null, problems: [missing(files)] };
    const labels = request.labels === null || grain.rows.kind === "scores" ? null : rowsOf(world, request.labels);
    arms.push(Map.groupBy(labels === null ? rows : joined(rows, labels, request), (row) => keyOf(row, grain.group)));
  }
  const [candidate = new Map(), baseline = null] = arms;
  const labelled = request.labels === null ? null : (rowsOf(world, request.labels) ?? []).map((row) => keyOf(row, grain.group));
  const ids = [...new Set(labelled ?? arms.flatMap((arm) => [...arm.keys()]))].toSorted(byBytes);
  const columnOf = (metric: UnitMetric, arm: ReadonlyMap<string, readonly Row[]>): UnitColumn => ({
    values: ids.map((id) => valueOf(world, metric, arm.get(id) ?? [])),
    denominators: metric.value.kind === "ratio" ? ids.map((id) => denominatorOf(world, metric, arm.get(id) ?? [])) : null,
  });
  const counts = (arm: ReadonlyMap<string, readonly Row[]>): { least: number; most: number } => {
    const sizes = [...arm.values()].map(({ length }) => length);
    return { least: Math.min(...sizes), most: Math.max(...sizes) };
  };
  const unit = { column: grain.group.join(", "), values: null };
  const table = {
    rows: ids,
    unit,
    cluster: unit,
    weights: null,
    slices: [],
    dividing: [],
    metrics: metrics.map((metric) => ({
      metric,
      candidate: columnOf(metric, candidate),
      baseline: baseline === null ? null : columnOf(metric, baseline),
    })),
    listed: { candidate: ids.map((id) => candidate.has(id)), baseline: baseline === null ? null : ids.map((id) => baseline.has(id)) },
    facts: {
      undescribed: 0,
      repeats:
        grain.rows.kind === "scores" ? { candidate: counts(candidate), baseline: baseline === null ? null : counts(baseline) } : null,
      judges: null,
      orders: null,
    },
  };
  return { table, problems: [] };
}

function valueOf(world: EngineWorld, { value }: UnitMetric, rows: readonly Row[]): number | null {
  if (rows.length === 0) return null;
  switch (value.kind) {
    case "expression":
      return expression(world, value.sql)(rows);
    case "ratio":
      return expression(world, value.numerator)(rows);
    case "score":
      return rows.reduce((sum, row) => sum + score(row[value.column]), 0) / rows.length;
    case "preference":
      return rows.reduce((sum, row) => sum + ({ win: 1, tie: 0.5, loss: 0 }[String(row[value.column])] ?? 0), 0) / rows.length;
  }
}

function denominatorOf(world: EngineWorld, { value }: UnitMetric, rows: readonly Row[]): number | null {
  return rows.length === 0 || value.kind !== "ratio" ? null : expression(world, value.denominator)(rows);
}

function expression({ expressions = {} }: EngineWorld, sql: string): (rows: readonly Row[]) => number | null {
  const known = expressions[sql];
  if (known === undefined) throw new Error(`The fake engine has no meaning for ${sql}.`);
  return known;
}

function score(value: Row[string] | undefined): number {
  return { pass: 1, fail: 0 }[String(value)] ?? Number(value);
}

function joined(rows: readonly Row[], labels: readonly Row[], { grain }: UnitScoringRequest): readonly Row[] {
  const key = grain.rows.kind === "predictions" ? grain.rows.key : [];
  const byKey = new Map(labels.map((row) => [keyOf(row, key), row]));
  return rows.map((row) => ({ ...byKey.get(keyOf(row, key)), ...row }));
}

function keyOf(row: Row, columns: readonly string[]): string {
  return columns.map((column) => String(row[column])).join("\u001f");
}

function rowsOf({ files }: EngineWorld, wanted: readonly InputFile[]): readonly Row[] | null {
  const found = wanted.map(({ path }) => files.get(path));
  return found.some((rows) => rows === undefined) ? null : found.flatMap((rows) => rows ?? []);
}

function missing(files: readonly InputFile[]): PreflightFinding {
  return { code: "predictions-missing", verdict: "no-data", message: files.map(({ name }) => name).join(", ") };
}
