import { type ItemColumn, itemColumnsOf, needsCatalogue } from "#domain/evaluation/catalogue-needs.ts";
import { leafKey, type SliceLeaf, sliceLeaves } from "#domain/evaluation/slice-columns.ts";
import { exactPlacesSql } from "#domain/sql/exact-place.ts";
import { inGroupSql, itemColumn, popularityRank } from "#domain/sql/item-sql.ts";
import type { LabelColumn } from "#domain/sql/label-columns.ts";
import type { Step } from "#domain/sql/step.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { bigqueryDialect, quotedName } from "./dialect.ts";
import { type TableRef, tableSql } from "./table-uri.ts";

export type Tables = {
  readonly candidate: TableRef;
  readonly baseline: TableRef | null;
  readonly labels: TableRef;
  readonly items: TableRef | null;
};

/** What describes a query beside its items: a column of `described`, and one that says whether it varies within the query. */
export type Described = {
  readonly alias: string;
  readonly role: "unit" | "cluster" | "weight" | "slice";
  readonly column: string;
  readonly leaf: SliceLeaf | null;
};

const { textOf, numberOf } = bigqueryDialect;

/**
 * The tables that metrics read, from the user's: `candidate`, `baseline` (q, d, s; `raw`: the score as it is written), `labels`, `queries`,
 * `items` and `described`. `group`: of the labels only those of these items.
 */
export function sourceSteps(
  request: ScoringRequest,
  tables: Tables,
  labelColumns: readonly LabelColumn[],
  group: readonly [column: string, value: string] | null,
): readonly Step[] {
  const { columns, task } = request;
  const arm = (table: string, ref: TableRef): Step => ({
    table,
    sql: `SELECT ${textOf(columns.query)} AS q, ${textOf(columns.item)} AS d, ${numberOf(columns.score)} AS s, ${textOf(columns.score)} AS raw FROM ${tableSql(ref)}`,
  });
  const grade =
    task === "retrieval" ? "CAST(1 AS FLOAT64) AS rel, '1' AS raw" : `${numberOf(columns.label)} AS rel, ${textOf(columns.label)} AS raw`;
  const beside = labelColumns.map(({ sql, alias }) => `, ${sql} AS ${alias}`).join("");
  const least = labelColumns.map(({ alias }) => `, MIN(${alias}) AS ${alias}`).join("");
  const described = describedColumns(request);
  const read = described.map(({ alias, column, leaf, role }) => {
    const value = role === "weight" || leaf?.kind === "number" ? numberOf(column) : textOf(column);
    return `, ${value} AS ${alias}, ${textOf(column)} AS ${alias}_raw`;
  });
  const constant = described.map(
    ({ alias }) =>
      `, MIN(${alias}) AS ${alias}, COUNT(DISTINCT ${alias}_raw) > 1 OR COUNT(${alias}_raw) NOT IN (0, COUNT(*)) AS ${alias}_varies, COUNT(${alias}) < COUNT(${alias}_raw) AS ${alias}_odd`,
  );
  const all = `SELECT q, d, MIN(rel) AS rel${least} FROM labels_raw GROUP BY q, d`;
  const labels = `SELECT *${exactPlacesSql(bigqueryDialect, request)} FROM (${all})`;
  const ofGroup =
    group &&
    `SELECT all_labels.* FROM (${labels}) AS all_labels JOIN items ON items.d = all_labels.d WHERE ${inGroupSql(bigqueryDialect, group)}`;
  return [
    arm("candidate", tables.candidate),
    ...(tables.baseline === null ? [] : [arm("baseline", tables.baseline)]),
    {
      table: "labels_raw",
      sql: `SELECT ${textOf(columns.query)} AS q, ${textOf(columns.item)} AS d, ${grade}${beside}${read.join("")} FROM ${tableSql(tables.labels)}`,
    },
    { table: "items", sql: itemsSql(request, tables.items) },
    { table: "labels", sql: ofGroup ?? labels },
    { table: "queries", sql: "SELECT DISTINCT q FROM labels_raw" },
    { table: "described", sql: `SELECT q, COUNT(*) AS label_rows${constant.join("")} FROM labels_raw GROUP BY q` },
  ];
}

export function describedColumns({ columns: { unit, cluster, weight }, slices }: ScoringRequest): readonly Described[] {
  const named = { unit, cluster, weight };
  const roles = (["unit", "cluster", "weight"] as const).flatMap((role): readonly Described[] => {
    const column = named[role];
    return column === undefined ? [] : [{ alias: role, role, column, leaf: null }];
  });
  const leaves = sliceLeaves(slices).flatMap((leaf, index): readonly Described[] =>
    leaf.kind === "predicate" ? [] : [{ alias: `slice_${index}`, role: "slice", column: leaf.column, leaf }],
  );
  return [...roles, ...leaves.filter(({ leaf }, index) => leaves.findIndex((other) => sameLeaf(other.leaf, leaf)) === index)];
}

function sameLeaf(left: SliceLeaf | null, right: SliceLeaf | null): boolean {
  return left !== null && right !== null && leafKey(left) === leafKey(right);
}

/** The columns of the catalogue that metrics read. */
export function catalogueColumns({ metrics }: Pick<ScoringRequest, "metrics">): readonly ItemColumn[] {
  const wanted = metrics.filter(needsCatalogue).flatMap(itemColumnsOf);
  return [...new Map(wanted.map((column) => [itemColumn(bigqueryDialect, column), column])).values()];
}

function itemsSql(request: ScoringRequest, table: TableRef | null): string {
  if (table === null || !request.metrics.some(needsCatalogue)) return "SELECT CAST(NULL AS STRING) AS d, CAST(NULL AS INT64) AS i LIMIT 0";
  const item = textOf(request.columns.item);
  const columns = catalogueColumns(request);
  const read: Readonly<Record<ItemColumn["holds"], (column: string) => string>> = {
    number: numberOf,
    text: textOf,
    vector: (column) => `ARRAY(SELECT CAST(x AS FLOAT64) FROM UNNEST(${quotedName(column)}) AS x WITH OFFSET AS place ORDER BY place)`,
  };
  const values = columns.map((column) => `, ${read[column.holds](column.column)} AS ${itemColumn(bigqueryDialect, column)}`);
  const ranks = columns.filter(({ holds }) => holds === "number").map(({ column }) => `, ${popularityRank(bigqueryDialect, column)}`);
  return `SELECT *${ranks.join("")} FROM (
    SELECT ${item} AS d, ROW_NUMBER() OVER (ORDER BY ${item}) - 1 AS i${values.join("")} FROM ${tableSql(table)})`;
}
