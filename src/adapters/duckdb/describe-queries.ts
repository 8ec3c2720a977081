import type { DuckDBConnection } from "@duckdb/node-api";
import { type SliceLeaf, sliceLeaves } from "#domain/evaluation/slice-columns.ts";
import { codeWhenVarying } from "#domain/evaluation/varying-codes.ts";
import type { Columns } from "#domain/model/model-definition.ts";
import type { SliceDefinition } from "#domain/model/slice-definition.ts";
import { DataProblem, detailOf } from "./data-problem.ts";
import { type IdTypes, idText, queryId } from "./ids.ts";
import { leafSql, notNumeric } from "./slice-sql.ts";
import { numberOf, type Source, textOf } from "./source.ts";

/** What describes a query beside its items: its unit, cluster, weight and slices. */
export type QueryColumn = {
  readonly alias: string;
  readonly role: "unit" | "cluster" | "weight" | "slice";
  readonly name: string;
  /** What slices read, for a slice. */
  readonly leaf: SliceLeaf | null;
  /** It has several values in a query, and whoever asked allowed that: the table has the least. */
  readonly varies: boolean;
};

/**
 * Makes the table `described`: one row per query, each column constant in it, or a problem that says where it is not. `from` is the view
 * with all rows that describe queries: the labels, or the predictions of both arms.
 */
export async function describeQueries(
  connection: DuckDBConnection,
  from: { readonly view: string; readonly source: Source },
  columns: Columns,
  slices: readonly SliceDefinition[],
  ids: IdTypes,
  slicesMayVary = false,
): Promise<readonly QueryColumn[]> {
  const wanted = await wantedColumns(connection, columns, slices);
  const described = wanted.map(({ alias }) => `min(${alias}) AS ${alias}`);
  const varying = wanted.map(
    ({ alias }) =>
      `(min(${alias}) IS DISTINCT FROM max(${alias}) OR count(${alias}) NOT IN (0, count(*))) AS ${alias}_varies, max(${alias}) AS ${alias}_greatest`,
  );
  const list = [...described, ...varying].map((item) => `, ${item}`).join("");
  await connection
    .run(
      `CREATE TEMP TABLE described AS SELECT q${list}
       FROM (SELECT ${queryId(columns.query, ids)} AS q${wanted.map(({ sql, alias }) => `, ${sql} AS ${alias}`).join("")} FROM ${from.view}) GROUP BY q`,
    )
    .catch((error: unknown) => {
      const detail = detailOf(error, from.source.table.files);
      throw new DataProblem("slice-predicate-invalid", `The slices cannot be computed from ${named(from.source)}: ${detail}`, {
        cause: error,
      });
    });
  const found: QueryColumn[] = [];
  for (const column of wanted) {
    const { alias, role, name, leaf } = column;
    const varies = await checkColumn(connection, column, columns, from.source, slicesMayVary);
    found.push({ alias, role, name, leaf, varies });
  }
  return found;
}

type Wanted = Omit<QueryColumn, "varies"> & { readonly sql: string };

async function wantedColumns(
  connection: DuckDBConnection,
  columns: Columns,
  slices: readonly SliceDefinition[],
): Promise<readonly Wanted[]> {
  const plain: Wanted[] = [];
  if (columns.unit !== undefined) plain.push({ alias: "unit", role: "unit", name: columns.unit, leaf: null, sql: textOf(columns.unit) });
  if (columns.cluster !== undefined)
    plain.push({ alias: "cluster", role: "cluster", name: columns.cluster, leaf: null, sql: textOf(columns.cluster) });
  if (columns.weight !== undefined)
    plain.push({ alias: "weight", role: "weight", name: columns.weight, leaf: null, sql: numberOf(columns.weight) });
  for (const [index, leaf] of sliceLeaves(slices).entries()) {
    const name = leaf.kind === "predicate" ? leaf.name : leaf.column;
    plain.push({ alias: `slice_${index}`, role: "slice", name, leaf, sql: await leafSql(connection, leaf) });
  }
  return plain;
}

/** Refuses a column that is not what it should be; tells whether a slice's varies, where it may. */
async function checkColumn(
  connection: DuckDBConnection,
  { alias, role, name, leaf }: Wanted,
  columns: Columns,
  source: Source,
  slicesMayVary: boolean,
): Promise<boolean> {
  const first = async (condition: string): Promise<readonly unknown[] | undefined> => {
    const sql = `SELECT ${idText("q")} AS query, CAST(${alias} AS VARCHAR), CAST(${alias}_greatest AS VARCHAR) FROM described JOIN queries USING (q) WHERE ${condition} ORDER BY query LIMIT 1`;
    return (await connection.runAndReadAll(sql)).getRowsJS()[0];
  };
  const what = `${leaf?.kind === "predicate" ? "Slice" : "Column"} ${JSON.stringify(name)} of ${named(source)}`;
  if (leaf?.kind === "number") {
    const wrong = await first(`isnan(${alias}_greatest::DOUBLE)`);
    if (wrong !== undefined) throw notNumeric(what, `${columns.query} = ${JSON.stringify(wrong[0])}`);
  }
  const varying = await first(`${alias}_varies`);
  if (varying !== undefined && role === "slice" && slicesMayVary) return true;
  if (varying !== undefined) {
    const [query, least, greatest] = varying;
    const values = least === greatest ? `${JSON.stringify(least)} and nothing` : `${JSON.stringify(least)} and ${JSON.stringify(greatest)}`;
    const message = `${what} has more than one value for ${columns.query} = ${JSON.stringify(query)}: ${values}. It must be constant within a query, and equal in both arms.`;
    throw new DataProblem(codeWhenVarying[role], message);
  }
  if (role === "unit" || role === "cluster") {
    const empty = await first(`${alias} IS NULL`);
    if (empty !== undefined)
      throw new DataProblem(
        "identifier-missing",
        `${what} is empty for ${columns.query} = ${JSON.stringify(empty[0])}: every query needs it.`,
      );
  }
  if (role === "weight") {
    const wrong = await first(`${alias} IS NULL OR NOT (${alias} > 0 AND isfinite(${alias}))`);
    if (wrong !== undefined) {
      throw new DataProblem(
        "weight-invalid",
        `${what} is ${JSON.stringify(wrong[1])} for ${columns.query} = ${JSON.stringify(wrong[0])}: a weight is a finite number above 0.`,
      );
    }
  }
  return false;
}

function named({ table }: Source): string {
  return `${table.files.map(({ name }) => name).join(", ")} (${table.what})`;
}
