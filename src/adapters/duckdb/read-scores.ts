import type { DuckDBConnection } from "@duckdb/node-api";
import { comparesArms } from "#domain/evaluation/formula.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { ArmCutoff, DataFacts, ScoredMetric, ScoredTable } from "#domain/evaluation/scored-table.ts";
import type { Columns } from "#domain/model/model-definition.ts";
import type { SliceDefinition } from "#domain/model/slice-definition.ts";
import { listsTable } from "#domain/sql/arm-plan.ts";
import { type ArmOfPlan, type MetricPlan, queriesSql } from "#domain/sql/metric-plan.ts";
import type { QueryColumn } from "./describe-queries.ts";
import { duckdbDialect } from "./dialect.ts";
import { labelSigns, listFacts } from "./list-facts.ts";
import { readSlices } from "./slice-sql.ts";
import type { Unmeasurable } from "./unmeasurable.ts";

export type Scoring = MetricPlan & {
  readonly scored: ScoredValues;
  readonly unmeasurable: readonly Unmeasurable[];
  readonly cutoffs: readonly number[];
  readonly described: readonly QueryColumn[];
  readonly columns: Columns;
  readonly slices: readonly SliceDefinition[];
  readonly labelsAreNeighbours: boolean;
};

/** The values of metrics, and what they say of the arms. */
export type ScoredValues = Pick<ScoredTable, "metrics" | "listed"> & {
  /** Whether no value differs between the arms. */
  readonly mayBeIdentical: boolean;
};

/** Reads the values of metrics: one a query, in the order of its id. */
export async function readValues(connection: DuckDBConnection, computed: MetricPlan): Promise<ScoredValues> {
  const candidate = await rows(connection, computed, computed.candidate, [
    "coalesce(listed, false)",
    ...computed.values.map(({ sql }) => sql),
  ]);
  const baseline =
    computed.baseline === null
      ? null
      : await rows(connection, computed, computed.baseline, ["coalesce(listed, false)", ...computed.values.map(({ sql }) => sql)]);

  const ofLabels = await rows(
    connection,
    computed,
    "labels",
    computed.values.flatMap(({ weight, clipped }) => [weight ?? "NULL", clipped ?? "NULL"]),
  );
  const ofLabel = (column: number): readonly number[] => numbers(ofLabels[column]).map((value) => value ?? 0);
  const listed = { candidate: flags(candidate[1]), baseline: baseline === null ? null : flags(baseline[1]) };
  const inAll = listed.candidate.map((own, row) => own && listed.baseline?.[row] !== false);
  return {
    metrics: computed.values.map(
      ({ metric, weight, clipped }, index): ScoredMetric => ({
        kind: "scored",
        metric,
        candidate: counting(metric, numbers(candidate[index + 2]), inAll),
        baseline: baseline === null || comparesArms(metric.formula) ? null : counting(metric, numbers(baseline[index + 2]), inAll),
        ...(weight !== null && { weights: ofLabel(2 * index + 1) }),
        ...(clipped !== null && { counts: { clipped: ofLabel(2 * index + 2) } }),
      }),
    ),
    listed,
    mayBeIdentical: baseline !== null && sameColumns(candidate, baseline),
  };
}

/** Reads what was computed: one row per query in the order of its id, and the counts of preflight. */
export async function readScores(connection: DuckDBConnection, scoring: Scoring): Promise<ScoredTable> {
  const { described, columns } = scoring;
  const queries = await rows(
    connection,
    scoring,
    null,
    described.map(({ alias }) => alias),
  );
  const ids = texts(queries[0]);
  const column = (role: QueryColumn["role"]): { readonly name: string; readonly values: readonly unknown[] } | null => {
    const index = described.findIndex((known) => known.role === role);
    const found = described[index];
    return found === undefined ? null : { name: found.name, values: queries[index + 1] ?? [] };
  };
  const unit = column("unit");
  const cluster = column("cluster");
  const weight = column("weight");
  const unitColumn = { column: unit?.name ?? columns.query, values: unit === null ? null : texts(unit.values) };
  return {
    rows: ids,
    unit: unitColumn,
    cluster: cluster === null ? { column: unitColumn.column, values: null } : { column: cluster.name, values: texts(cluster.values) },
    weights: weight === null ? null : { column: weight.name, values: numbers(weight.values).map((value) => value ?? 0) },
    slices: readSlices(scoring.slices, described, (index) => queries[index + 1]),
    metrics: [...scoring.scored.metrics, ...scoring.unmeasurable],
    listed: scoring.scored.listed,
    facts: await factsOf(connection, scoring, scoring.scored.mayBeIdentical),
  };
}

/** Columns of all queries in order: the id first, then the expressions, over the arm's and the labels' aggregates. */
async function rows(
  connection: DuckDBConnection,
  { labelTables }: Pick<MetricPlan, "labelTables">,
  arm: ArmOfPlan | "labels" | null,
  expressions: readonly string[],
): Promise<readonly (readonly unknown[])[]> {
  const joined = arm === null ? ["described"] : [...labelTables, ...(arm === "labels" ? [] : arm.tables)];
  return (await connection.runAndReadAll(queriesSql(duckdbDialect, joined, expressions))).getColumnsJS();
}

/** Leaves out of both arms the queries that one of them does not list, where the metric's convention says so. */
function counting({ convention }: Metric, values: readonly (number | null)[], inAll: readonly boolean[]): readonly (number | null)[] {
  return convention.missing === "intersect" ? values.map((value, row) => (inAll[row] === true ? value : null)) : values;
}

/** `mayBeIdentical` spares reading all rows again where the arms' values already differ. */
async function factsOf(
  connection: DuckDBConnection,
  { candidate, baseline, cutoffs, labelsAreNeighbours }: Scoring,
  mayBeIdentical: boolean,
): Promise<DataFacts> {
  const facts = async (k: number, arm: ArmOfPlan): Promise<ArmCutoff> => {
    const [listed, judged, tied, queries] = await oneRow(
      connection,
      `SELECT coalesce(sum(listed_${k}), 0)::DOUBLE, coalesce(sum(judged_${k}), 0)::DOUBLE, (count(*) FILTER (tied_${k}))::DOUBLE, count(*)::DOUBLE
       FROM ${arm.cutoffTable}`,
    );
    return { listed: count(listed), judged: count(judged), tied: count(tied), queries: count(queries) };
  };
  const unlabelled = async (arm: ArmOfPlan): Promise<number> =>
    count(
      (
        await oneRow(
          connection,
          `SELECT count(*)::DOUBLE FROM ${listsTable(duckdbDialect, arm.run)} WHERE q NOT IN (SELECT q FROM queries)`,
        )
      )[0],
    );
  const perCutoff = [];
  for (const k of cutoffs)
    perCutoff.push({ k, candidate: await facts(k, candidate), baseline: baseline === null ? null : await facts(k, baseline) });
  const identical = async (other: ArmOfPlan): Promise<boolean> =>
    mayBeIdentical && (await fingerprint(connection, candidate)) === (await fingerprint(connection, other));
  return {
    cutoffs: perCutoff,
    identicalScores: baseline === null ? null : await identical(baseline),
    unlabelledQueries: { candidate: await unlabelled(candidate), baseline: baseline === null ? 0 : await unlabelled(baseline) },
    lists: {
      candidate: await listFacts(connection, candidate),
      baseline: baseline === null ? null : await listFacts(connection, baseline),
    },
    labels: await labelSigns(connection),
    ...(labelsAreNeighbours && { labelsAreNeighbours }),
  };
}

function sameColumns(left: readonly (readonly unknown[])[], right: readonly (readonly unknown[])[]): boolean {
  return left.every((column, index) => column.every((value, row) => value === right[index]?.[row]));
}

/**
 * Equal for equal sets of rows, whatever their order; compared within one process only, for the hash is DuckDB's own.
 * One text per row is hashed: DuckDB combines hashes of several values so weakly that swapped scores could go unseen.
 */
async function fingerprint(connection: DuckDBConnection, { run }: ArmOfPlan): Promise<string> {
  const hash = "hash(concat_ws(chr(0), q, d, CAST(CAST(s AS DOUBLE) AS VARCHAR)))";
  const row = await oneRow(connection, `SELECT count(*)::VARCHAR, bit_xor(${hash})::VARCHAR, sum(${hash}::HUGEINT)::VARCHAR FROM ${run}`);
  return row.map(String).join(" ");
}

async function oneRow(connection: DuckDBConnection, sql: string): Promise<readonly unknown[]> {
  return (await connection.runAndReadAll(sql)).getRowsJS()[0] ?? [];
}

function texts(values: readonly unknown[] | undefined): readonly string[] {
  return (values ?? []).map(String);
}

function numbers(values: readonly unknown[] | undefined): readonly (number | null)[] {
  return (values ?? []).map((value) => (typeof value === "number" ? value : null));
}

function flags(values: readonly unknown[] | undefined): readonly boolean[] {
  return (values ?? []).map((value) => value === true);
}

function count(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
