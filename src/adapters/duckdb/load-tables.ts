import type { DuckDBConnection } from "@duckdb/node-api";
import { needsCatalogue } from "#domain/evaluation/catalogue-needs.ts";
import type { Columns } from "#domain/model/model-definition.ts";
import { exactPlacesSql } from "#domain/sql/exact-place.ts";
import type { LabelColumn } from "#domain/sql/label-columns.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { checkConflicts, checkIdentifiers, checkLabels, checkNumber, checkPredictions, checkRepeated } from "./check-rows.ts";
import { DataProblem } from "./data-problem.ts";
import { duckdbDialect } from "./dialect.ts";
import { type IdTypes, idColumns, idTypes, queryId } from "./ids.ts";
import type { InputTable } from "./input-files.ts";
import { checkLabelColumns } from "./label-columns.ts";
import { quotedName } from "./sandbox.ts";
import { numberOf, openSource, type Source, type SourceNeeds } from "./source.ts";

export type InputTables = {
  readonly candidate: InputTable;
  readonly baseline: InputTable | null;
  readonly labels: InputTable | null;
  readonly items: InputTable | null;
};

export type Loaded = {
  /** The view with all rows that describe queries, and the file to name when one is wrong. */
  readonly describing: { readonly view: string; readonly source: Source };
  /** Whether each arm's list can be judged by labels that do not depend on what the arms listed. */
  readonly labelsIndependent: boolean;
  readonly ids: IdTypes;
  /** Parquet files in which an item of a query may stand twice: looked at beside the scoring, for it takes as long. */
  readonly unchecked: readonly Source[];
};

/**
 * Opens and checks the files, and makes the tables that scoring reads: `candidate` and `baseline` (q, d, s), `labels` (q, d, rel, and
 * what metrics read beside it) and `queries` (q), which are the labelled ones, or, without a labels file, those of either arm.
 */
export async function loadTables(
  connection: DuckDBConnection,
  tables: InputTables,
  request: ScoringRequest,
  labelColumns: readonly LabelColumn[],
  describedColumns: Readonly<Record<string, string>>,
  hasPredicates: boolean,
): Promise<Loaded> {
  const { columns } = request;
  const { query, item, score, label } = columns;
  const withLabels = tables.labels !== null;
  const describedBy = { ...describedColumns, ...Object.fromEntries(labelColumns.map(({ role, column }) => [role, column])) };
  const asText = [query, item, score, label, ...Object.values(describedBy)];
  const predictions: SourceNeeds = {
    required: { query, item, score, ...(!withLabels && { label, ...describedBy }) },
    asText,
    typed: hasPredicates && !withLabels,
  };
  const candidate = await openSource(connection, "candidate_raw", tables.candidate, predictions);
  const baseline = tables.baseline === null ? null : await openSource(connection, "baseline_raw", tables.baseline, predictions);
  const arms = baseline === null ? [candidate] : [candidate, baseline];
  const graded = request.task !== "retrieval";
  const needs = { required: { query, item, ...(graded && { label }), ...describedBy }, asText, typed: hasPredicates };
  const labels = tables.labels === null ? null : await openSource(connection, "labels_raw", tables.labels, needs);

  const ofCatalogue = request.metrics.some((metric) => needsCatalogue(metric) || metric.corpus !== undefined);
  const ids = idTypes(columns, labels === null ? arms : [...arms, labels], ofCatalogue);
  // Rows that repeat contradict each other's labels, too: where the labels are theirs, what is wrong first is said first.
  const unchecked = labels === null ? [] : arms.filter(({ files }) => files !== null);
  await loadArm(connection, "candidate", candidate, columns, ids);
  if (baseline !== null) await loadArm(connection, "baseline", baseline, columns, ids);
  const checked = arms.filter((arm) => !unchecked.includes(arm));
  await checkRepeated(connection, checked, columns, ids);
  if (labels !== null) {
    if (graded) await checkLabels(connection, labels, columns);
    else await checkIdentifiers(connection, labels, columns);
    await checkLabelColumns(connection, labels, request, labelColumns);
    await labelsFrom(connection, labels, "labels_raw", request, labelColumns, ids);
    await connection.run("CREATE TEMP TABLE queries AS SELECT DISTINCT q FROM labels");
    return { describing: { view: "labels_raw", source: labels }, labelsIndependent: true, ids, unchecked };
  }
  for (const arm of arms) {
    await checkNumber(connection, arm, columns, label, "label", true);
    await checkLabelColumns(connection, arm, request, labelColumns);
  }
  const both =
    baseline === null ? "SELECT * FROM candidate_raw" : "SELECT * FROM candidate_raw UNION ALL BY NAME SELECT * FROM baseline_raw";
  await connection.run(`CREATE TEMP VIEW both_raw AS ${both}`);
  await labelsFrom(connection, candidate, "both_raw", request, labelColumns, ids);
  await connection.run(`CREATE TEMP TABLE queries AS SELECT DISTINCT ${queryId(query, ids)} AS q FROM both_raw`);
  const labelsIndependent = baseline === null || (await sameItems(connection));
  return { describing: { view: "both_raw", source: candidate }, labelsIndependent, ids, unchecked };
}

/** Checks an arm's rows and makes the table or view with them. */
async function loadArm(
  connection: DuckDBConnection,
  arm: "candidate" | "baseline",
  source: Source,
  columns: Columns,
  ids: IdTypes,
): Promise<void> {
  await checkPredictions(connection, source, columns);
  const native = source.columns.get(columns.score) !== "VARCHAR";
  const score = native ? quotedName(columns.score) : numberOf(columns.score);
  const select = `SELECT ${idColumns(columns, ids)}, ${score} AS s FROM ${source.view}`;
  await connection.run(`CREATE TEMP ${source.table.format === "parquet" ? "VIEW" : "TABLE"} ${arm} AS ${select}`);
}

/** One label per item of a query; an exact neighbour is as relevant as any other. The same label twice is one label; two different ones are a problem. */
async function labelsFrom(
  connection: DuckDBConnection,
  source: Source,
  view: string,
  request: ScoringRequest,
  labelColumns: readonly LabelColumn[],
  ids: IdTypes,
): Promise<void> {
  const { columns } = request;
  const [grade, judged] =
    request.task === "retrieval" ? ["CAST(1 AS DOUBLE)", "true"] : [numberOf(columns.label), `${quotedName(columns.label)} IS NOT NULL`];
  const read = labelColumns.map(({ alias, sql }) => `, ${sql} AS ${alias}`).join("");
  const kept = labelColumns.map(({ alias }) => `, min(${alias}) AS ${alias}`).join("");
  const rows = `(SELECT ${idColumns(columns, ids)}, ${grade} AS rel${read} FROM ${view} WHERE ${judged})`;
  await checkConflicts(connection, source, columns, rows, labelColumns);
  const one = `SELECT q, d, min(rel) AS rel${kept} FROM ${rows} GROUP BY q, d`;
  await connection.run(`CREATE TEMP TABLE labels AS SELECT *${exactPlacesSql(duckdbDialect, request)} FROM (${one})`);
  const counted = await connection.runAndReadAll("SELECT count(*)::DOUBLE FROM labels");
  if (counted.getRowsJS()[0]?.[0] === 0)
    throw new DataProblem("label-missing", `Column ${JSON.stringify(columns.label)} holds not one label.`);
}

async function sameItems(connection: DuckDBConnection): Promise<boolean> {
  const differing = await connection.runAndReadAll(
    `SELECT count(*)::DOUBLE FROM candidate FULL JOIN baseline ON candidate.q = baseline.q AND candidate.d = baseline.d
     WHERE candidate.q IS NULL OR baseline.q IS NULL`,
  );
  return differing.getRowsJS()[0]?.[0] === 0;
}
