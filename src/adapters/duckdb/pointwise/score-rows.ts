import type { DuckDBConnection } from "@duckdb/node-api";
import { DataProblem } from "#adapters/duckdb/data-problem.ts";
import type { InputTables } from "#adapters/duckdb/load-tables.ts";
import { mayRepeat } from "#adapters/duckdb/may-repeat.ts";
import { openSource, type Source } from "#adapters/duckdb/source.ts";
import { type ArmNeeds, armNeeds, inputProblem, rowKey, rowKind } from "#domain/evaluation/rows/row-columns.ts";
import type { RowTable } from "#domain/evaluation/rows/row-table.ts";
import { slicedColumns, sliceLeaves } from "#domain/evaluation/slice-columns.ts";
import type { RowScoringRequest } from "#ports/evaluation-engine.ts";
import { openItems, ownSliceColumns, withItemColumns } from "./item-columns.ts";
import { loadArm, openArm } from "./load-arm.ts";
import { loadTruth } from "./load-truth.ts";
import { readRows } from "./read-rows.ts";
import { checkKeys, keySql, mostRows } from "./row-checks.ts";

/** Pairs both arms' rows with the truth, and reads what the metrics need of them. */
export async function scoreRows(connection: DuckDBConnection, request: RowScoringRequest, tables: InputTables): Promise<RowTable> {
  const { columns, metrics, slices, task } = request;
  const problem = metrics.map((metric) => inputProblem(metric, task, columns)).find((found) => found !== null);
  if (problem !== undefined) throw new DataProblem("metric-input-missing", `${problem.slice(0, 1).toUpperCase()}${problem.slice(1)}.`);
  const kind = rowKind(task, columns);
  const needs: ArmNeeds = armNeeds(metrics, task, columns);
  const typed = sliceLeaves(slices).some(({ kind }) => kind === "predicate");
  const propensity = needs.propensity ? (columns.propensity ?? null) : null;
  const items = await openItems(connection, tables.items, request);
  const described = { label: columns.label, ...(propensity !== null && { propensity }), ...describedColumns(request, items) };
  const withArm = tables.labels === null ? described : {};
  const asText = Object.values(slicedColumns(slices));

  const candidate = await openArm(connection, "candidate", tables.candidate, columns, needs, withArm, { asText, typed });
  const baseline =
    tables.baseline === null ? null : await openArm(connection, "baseline", tables.baseline, columns, needs, withArm, { asText, typed });
  const arms = baseline === null ? [candidate] : [candidate, baseline];
  const truth = await truthSources(connection, request, tables, arms, { items, described, asText, typed });
  const rowSql = keySql(rowKey(columns), [...arms, ...truth.sources]);
  await loadArm(connection, "candidate", candidate, columns, needs, rowSql);
  if (baseline !== null) await loadArm(connection, "baseline", baseline, columns, needs, rowSql);
  if (tables.labels !== null) for (const source of truth.sources) await checkKeys(connection, source, rowKey(columns), false);
  const [labels] = truth.sources;
  // Both arms' keys have been found to come once.
  const once = tables.labels === null || labels === undefined || !(await mayRepeat(connection, rowSql, labels.view, labels.rows));
  const wanted = await loadTruth(connection, truth.view, truth.sources, columns, kind, slices, propensity, rowSql, once);
  return readRows(connection, { request, kind, needs, wanted, hasBaseline: baseline !== null });
}

type TruthNeeds = {
  readonly items: Source | null;
  readonly described: Readonly<Record<string, string>>;
  readonly asText: readonly string[];
  readonly typed: boolean;
};
type Truth = { readonly view: string; readonly sources: readonly Source[] };

async function truthSources(
  connection: DuckDBConnection,
  request: RowScoringRequest,
  { labels }: InputTables,
  arms: readonly Source[],
  { items, described, asText, typed }: TruthNeeds,
): Promise<Truth> {
  if (labels === null) {
    const sources: Source[] = [];
    for (const arm of arms) sources.push(await withItemColumns(connection, arm, items, request));
    const union = sources.map(({ view }) => `SELECT * FROM ${view}`).join(" UNION ALL BY NAME ");
    await connection.run(`CREATE TEMP VIEW both_raw AS ${union}`);
    return { view: "both_raw", sources };
  }
  const key = rowKey(request.columns);
  const required = {
    ...Object.fromEntries(key.map((column, index) => [index === 0 ? "row" : `row ${index + 1}`, column])),
    ...described,
  };
  const opened = await openSource(connection, "labels_raw", labels, {
    required,
    asText: [...Object.values(required), ...asText],
    typed,
    mostRows,
  });
  const source = await withItemColumns(connection, opened, items, request);
  return { view: source.view, sources: [source] };
}

function describedColumns(request: RowScoringRequest, items: Source | null): Readonly<Record<string, string>> {
  const { unit, cluster, weight } = request.columns;
  return {
    ...(unit !== undefined && { unit }),
    ...(cluster !== undefined && { cluster }),
    ...(weight !== undefined && { weight }),
    ...ownSliceColumns(request, items),
  };
}
