import type { DuckDBConnection } from "@duckdb/node-api";
import { DataProblem } from "#adapters/duckdb/data-problem.ts";
import { describeQueries, type QueryColumn } from "#adapters/duckdb/describe-queries.ts";
import type { InputTables } from "#adapters/duckdb/load-tables.ts";
import { openItems, ownSliceColumns, withItemColumns } from "#adapters/duckdb/pointwise/item-columns.ts";
import { quotedName } from "#adapters/duckdb/sandbox.ts";
import { readSlices, sliceKeySql } from "#adapters/duckdb/slice-sql.ts";
import { openSource, type Source, textOf } from "#adapters/duckdb/source.ts";
import { leafKey, slicedColumns, sliceLeaves } from "#domain/evaluation/slice-columns.ts";
import type { UnitFacts, UnitScores } from "#domain/evaluation/units/unit-scores.ts";
import type { SliceDefinition } from "#domain/model/slice-definition.ts";
import type { UnitScoringRequest } from "#ports/evaluation-engine.ts";
import { checkJudged } from "./check-judged.ts";
import { judgesOf, orderFacts, repeatFacts } from "./judge-facts.ts";
import { meanOfRepeats } from "./mean-of-repeats.ts";
import { type UnitExpressions, unitExpressions } from "./unit-expressions.ts";
import { checkScores, keyedLabels, presentIn, type UnitRows, unitColumn, unitRows } from "./unit-rows.ts";
import { type UnitArm, unitValues } from "./unit-values.ts";

/** Computes a model's own metrics for each unit: expressions over its rows, or what a judge wrote of it. */
export async function scoreUnits(connection: DuckDBConnection, request: UnitScoringRequest, tables: InputTables): Promise<UnitScores> {
  const { columns, grain, metrics } = request;
  const expressions: UnitExpressions[] = [];
  for (const metric of metrics) expressions.push(await unitExpressions(connection, metric));
  const read = [...new Set(expressions.flatMap(({ value, denominator }) => [...value.columns, ...(denominator?.columns ?? [])]))];
  const judged = grain.judges.map(({ column }) => column);
  const opened = await openSources(connection, request, tables, read);
  const sliceKey = grain.within === undefined ? null : await sliceKeySql(connection, grain.within);
  const given: UnitRows = { connection, grain, columns, labels: opened.labels, wanted: read, sliceKey };
  if (opened.labels !== null && grain.rows.kind === "predictions") await keyedLabels(opened.labels, grain.rows.key, given);

  const arms: UnitArm[] = [];
  for (const [arm, source] of [
    ["candidate", opened.candidate],
    ["baseline", opened.baseline],
  ] as const) {
    if (source === null) continue;
    await unitRows(source, arm, given);
    if (grain.rows.kind === "scores") await checkScores(source, arm, given);
    for (const expression of expressions) await checkJudged(connection, arm, source, expression.metric);
    arms.push({ arm, source, repeats: presentIn(source, grain.repeats).length });
  }
  const described = await describedUnits(connection, request, opened, arms, sliceKey);

  const ids = (await connection.runAndReadAll("SELECT q FROM queries ORDER BY q")).getRowsJS().map(([id]) => String(id));
  const scored = [];
  let orders: UnitFacts["orders"] = null;
  for (const [index, { metric, value, denominator }] of expressions.entries()) {
    const values = await unitValues(connection, arms, value, 2 * index);
    const below = denominator === null ? null : await unitValues(connection, arms, denominator, 2 * index + 1);
    if (metric.value.kind === "preference" && grain.repeats[0]?.role === "first") orders = orderFacts(values[0], opened.candidate);
    const columnOf = (at: number): { values: readonly (number | null)[]; denominators: readonly (number | null)[] | null } => ({
      values: meanOfRepeats(ids, values[at]),
      denominators: below === null ? null : meanOfRepeats(ids, below[at]),
    });
    scored.push({ metric, candidate: columnOf(0), baseline: arms.length === 1 ? null : columnOf(1) });
  }
  const varying = new Set(described.columns.flatMap(({ leaf, varies }) => (varies && leaf !== null ? [leafKey(leaf)] : [])));
  const divides = (definition: SliceDefinition): boolean =>
    grain.within === undefined && sliceLeaves([definition]).some((leaf) => varying.has(leafKey(leaf)));
  const unit = described.columns.find(({ role }) => role === "unit");
  const cluster = described.columns.find(({ role }) => role === "cluster");
  const weight = described.columns.find(({ role }) => role === "weight");
  const listed = [];
  for (const { arm } of arms) listed.push(await listedBy(connection, arm, ids));
  const [candidateListed = [], baselineListed = null] = listed;
  const nameOfUnit = unit?.name ?? grain.group.join(", ");
  return {
    rows: ids,
    unit: { column: nameOfUnit, values: unit === undefined ? null : described.valuesOf(unit).map(String) },
    cluster:
      cluster === undefined
        ? { column: nameOfUnit, values: null }
        : { column: cluster.name, values: described.valuesOf(cluster).map(String) },
    weights: weight === undefined ? null : described.valuesOf(weight).map(Number),
    slices: readSlices(
      request.slices.filter((definition) => !divides(definition)),
      described.columns,
      described.valuesAt,
    ),
    dividing: request.slices.filter(divides),
    metrics: scored,
    listed: { candidate: candidateListed, baseline: baselineListed },
    facts: {
      undescribed: described.undescribed,
      repeats: grain.rows.kind === "scores" ? await repeatFacts(connection, arms) : null,
      judges: judged.length === 0 ? null : await judgesOf(connection, arms, grain.judges),
      orders,
    },
  };
}

type Opened = { readonly candidate: Source; readonly baseline: Source | null; readonly labels: Source | null };

async function openSources(
  connection: DuckDBConnection,
  request: UnitScoringRequest,
  tables: InputTables,
  read: readonly string[],
): Promise<Opened> {
  const { grain, task } = request;
  const { group, rows, repeats, judges } = grain;
  const key = rows.kind === "predictions" ? rows.key : group;
  // A query has no item of its own, by which the catalogue could describe it.
  const items = await openItems(connection, task === undefined ? tables.items : null, request);
  const described = describedColumns(request, items);
  const always = [...repeats, ...judges].filter(({ required }) => required).map(({ role, column }) => [role, column]);
  const ownDescription = tables.labels === null ? described : {};
  const text = [...key, ...group, ...repeats.map(({ column }) => column), ...judges.map(({ column }) => column)];
  const textUnlessRead = Object.values({ ...described, ...slicedColumns(request.slices) }).filter((column) => !read.includes(column));
  const asText = [...text, ...textUnlessRead];
  const needs = {
    required: {
      ...Object.fromEntries(
        (rows.kind === "predictions" && tables.labels !== null ? key : [...key, ...group]).map((column) => [`key ${column}`, column]),
      ),
      ...Object.fromEntries(always),
      ...ownDescription,
    },
    asText,
    typed: true,
  };
  const candidate = await openSource(connection, "candidate_raw", tables.candidate, needs);
  const baseline = tables.baseline === null ? null : await openSource(connection, "baseline_raw", tables.baseline, needs);
  if (tables.labels === null) {
    const own = await withItemColumns(connection, candidate, items, request);
    const other = baseline === null ? null : await withItemColumns(connection, baseline, items, request);
    return { candidate: own, baseline: other, labels: null };
  }
  const keys = rows.kind === "predictions" ? [...key, ...group] : group;
  const required = { ...Object.fromEntries(keys.map((column) => [`key ${column}`, column])), ...described };
  const labels = await openSource(connection, "labels_raw", tables.labels, { required, asText, typed: true });
  return { candidate, baseline, labels: await withItemColumns(connection, labels, items, request) };
}

function describedColumns(request: UnitScoringRequest, items: Source | null): Readonly<Record<string, string>> {
  const { unit, cluster, weight } = request.columns;
  const { group } = request.grain;
  return {
    ...(unit !== undefined && !group.includes(unit) && { unit }),
    ...(cluster !== undefined && { cluster }),
    ...(weight !== undefined && { weight }),
    ...ownSliceColumns(request, items),
  };
}

type Described = {
  readonly columns: readonly QueryColumn[];
  readonly valuesOf: (column: QueryColumn) => readonly unknown[];
  readonly valuesAt: (index: number) => readonly unknown[] | undefined;
  readonly undescribed: number;
};

/** Makes `queries`, the units that count, and `described`, what is known of each. */
async function describedUnits(
  connection: DuckDBConnection,
  { columns, grain, slices }: UnitScoringRequest,
  { candidate, baseline, labels }: Opened,
  arms: readonly UnitArm[],
  sliceKey: string | null,
): Promise<Described> {
  const { group, rows } = grain;
  const name = [...group, ...(sliceKey === null ? [] : ["slice"])].join(", ");
  const { unit: _, ...others } = columns;
  const describing = { ...(sliceKey === null && group.includes(columns.unit ?? "") ? others : columns), query: name };
  const source = labels ?? candidate;
  const all = labels === null && baseline !== null ? "both_raw" : source.view;
  if (labels === null && baseline !== null)
    await connection.run(`CREATE TEMP VIEW both_raw AS SELECT * FROM ${candidate.view} UNION ALL BY NAME SELECT * FROM ${baseline.view}`);
  const parts = [...group.map(textOf), ...(sliceKey === null ? [] : [sliceKey])];
  const composed = parts.length === 1 ? "" : `, concat_ws(chr(31), ${parts.join(", ")}) AS ${quotedName(name)}`;
  await connection.run(`CREATE TEMP VIEW describing AS SELECT *${composed} FROM ${all}`);

  const scored = arms.map(({ arm }) => `SELECT ${quotedName(unitColumn)} AS q FROM ${arm}_unit_rows`).join(" UNION ");
  const known = `SELECT CAST(${quotedName(name)} AS VARCHAR) AS q FROM describing`;
  const hasLabel = labels?.columns.has(columns.label) === true;
  const labelled = `${known} ${hasLabel ? `WHERE ${quotedName(columns.label)} IS NOT NULL` : ""}`;
  const units = rows.kind === "predictions" ? labelled : `(${scored}) INTERSECT (${known})`;
  await connection.run(`CREATE TEMP TABLE queries AS SELECT DISTINCT q FROM (${units})`);
  const counted = await connection.runAndReadAll(
    `SELECT (SELECT count(*)::DOUBLE FROM queries), (SELECT count(*)::DOUBLE FROM (SELECT DISTINCT q FROM (${scored})) WHERE q NOT IN (SELECT q FROM queries))`,
  );
  const [count, undescribed] = counted.getRowsJS()[0] ?? [];
  if (count === 0) {
    const message = `Not one scored unit is known to ${source.table.what}: do both name their units by ${JSON.stringify(name)}, in the same spelling?`;
    throw new DataProblem("units-unknown", message);
  }
  const ids = { query: "VARCHAR", item: "VARCHAR" } as const;
  const mayVary = grain.rowsAreSliced === true;
  const found = await describeQueries(connection, { view: "describing", source }, describing, slices, ids, mayVary);
  const list = found.map(({ alias }) => `, ${alias}`).join("");
  const read = (await connection.runAndReadAll(`SELECT q${list} FROM queries LEFT JOIN described USING (q) ORDER BY q`)).getColumnsJS();
  return {
    columns: found,
    valuesAt: (index) => read[index + 1],
    valuesOf: (column) => read[found.indexOf(column) + 1] ?? [],
    undescribed: rows.kind === "scores" ? Number(undescribed) : 0,
  };
}

async function listedBy(connection: DuckDBConnection, arm: UnitArm["arm"], ids: readonly string[]): Promise<readonly boolean[]> {
  const result = await connection.runAndReadAll(`SELECT DISTINCT ${quotedName(unitColumn)} FROM ${arm}_unit_rows`);
  const units = new Set(result.getRowsJS().map(([unit]) => String(unit)));
  return ids.map((id) => units.has(id));
}
