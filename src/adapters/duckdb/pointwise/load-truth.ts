import type { DuckDBConnection } from "@duckdb/node-api";
import { DataProblem, detailOf } from "#adapters/duckdb/data-problem.ts";
import { idText } from "#adapters/duckdb/ids.ts";
import { quotedName, quotedText } from "#adapters/duckdb/sandbox.ts";
import { leafSql, notNumeric } from "#adapters/duckdb/slice-sql.ts";
import { numberOf, type Source, textOf } from "#adapters/duckdb/source.ts";
import { type RowKind, rowKey } from "#domain/evaluation/rows/row-columns.ts";
import { type SliceLeaf, sliceLeaves } from "#domain/evaluation/slice-columns.ts";
import type { Columns } from "#domain/model/model-definition.ts";
import type { SliceDefinition } from "#domain/model/slice-definition.ts";
import { sameKeys } from "./key-order.ts";
import { checkNumbers, checkRows, keyName, named, type RowCheck, shownKey } from "./row-checks.ts";

/** What is known of a row beside the predictions. */
export type TruthColumn = {
  readonly alias: string;
  readonly role: "label" | "unit" | "cluster" | "weight" | "propensity" | "slice";
  readonly name: string;
  readonly sql: string;
  /** What slices read, for a slice. */
  readonly leaf: SliceLeaf | null;
};

const codeWhenVarying = {
  label: "labels-conflict",
  unit: "unit-varies-within-row",
  cluster: "cluster-varies-within-row",
  weight: "weight-varies-within-row",
  propensity: "propensity-varies-within-row",
  slice: "slice-varies-within-row",
} as const satisfies Record<TruthColumn["role"], string>;

/** Makes the table `truth`: one row per key, each column constant in it. `view` holds the labels file, or both arms' rows. */
export async function loadTruth(
  connection: DuckDBConnection,
  view: string,
  sources: readonly Source[],
  columns: Columns,
  kind: RowKind,
  slices: readonly SliceDefinition[],
  propensity: string | null,
  rowSql: string,
  once: boolean,
): Promise<readonly TruthColumn[]> {
  const key = rowKey(columns);
  for (const source of sources) {
    await checkLabel(connection, source, columns, kind);
    await checkNamed(connection, source, columns);
    if (propensity !== null) await checkNumbers(connection, source, key, propensity, "propensity", [impossible(propensity)]);
  }
  const described = await wantedColumns(connection, columns, kind, slices);
  const logged =
    propensity === null
      ? []
      : [{ alias: "propensity", role: "propensity", name: propensity, leaf: null, sql: numberOf(propensity) } as const];
  const wanted = [...described, ...logged];
  const files = sources.flatMap(({ table }) => table.files);
  await makeTruth(connection, view, sources, wanted, rowSql, once).catch((error: unknown) => {
    const message = `The slices cannot be computed from ${sources.map(named).join(" and ")}: ${detailOf(error, files)}`;
    throw new DataProblem("slice-predicate-invalid", message, { cause: error });
  });
  for (const { alias, role, name, leaf } of wanted) {
    const what = `${leaf?.kind === "predicate" ? "Slice" : "Column"} ${JSON.stringify(name)} of ${sources.map(named).join(" and ")}`;
    if (leaf?.kind === "number") {
      const nan = `SELECT r FROM truth WHERE isnan(${alias}_greatest::DOUBLE) ORDER BY ${idText("r")} LIMIT 1`;
      const [wrong] = (await connection.runAndReadAll(nan)).getRowsJS()[0] ?? [];
      if (wrong !== undefined) throw notNumeric(what, `${keyName(key)} = ${shownKey(wrong)}`);
    }
    const sql = `SELECT r, CAST(${alias} AS VARCHAR), CAST(${alias}_greatest AS VARCHAR) FROM truth WHERE ${alias}_varies ORDER BY ${idText("r")} LIMIT 1`;
    const [row, least, greatest] = (await connection.runAndReadAll(sql)).getRowsJS()[0] ?? [];
    if (row === undefined) continue;
    const values = least === greatest ? `${JSON.stringify(least)} and nothing` : `${JSON.stringify(least)} and ${JSON.stringify(greatest)}`;
    const message = `${what} has more than one value for ${keyName(key)} = ${shownKey(row)}: ${values}. It must be one, and equal in both arms.`;
    throw new DataProblem(codeWhenVarying[role], message);
  }
  return wanted;
}

/** Rows are grouped by their keys, unless each source has every key once and both have the same ones in the same order. */
async function makeTruth(
  connection: DuckDBConnection,
  view: string,
  sources: readonly Source[],
  wanted: readonly TruthColumn[],
  rowSql: string,
  once: boolean,
): Promise<void> {
  const rowsOf = (from: string): string =>
    `SELECT ${[`${rowSql} AS r`, ...wanted.map(({ sql, alias }) => `${sql} AS ${alias}`)].join(", ")} FROM ${from}`;
  const [own, other] = sources;
  if (once && own !== undefined && other === undefined) {
    const parts = wanted.map(({ alias }) => `${alias}, false AS ${alias}_varies, ${alias} AS ${alias}_greatest`);
    await connection.run(`CREATE TEMP TABLE truth AS SELECT r, ${parts.join(", ")} FROM (${rowsOf(view)})`);
    return;
  }
  if (once && own !== undefined && other !== undefined && sameTypes(own, other)) {
    await connection.run(`CREATE TEMP TABLE truth_of_own AS ${rowsOf(own.view)}`);
    await connection.run(`CREATE TEMP TABLE truth_of_other AS ${rowsOf(other.view)}`);
    const beside = await sameKeys(connection, ["truth_of_own", "truth_of_other"]);
    if (beside) {
      const parts = wanted.map(({ alias }) => {
        const [a, b] = [`truth_of_own.${alias}`, `truth_of_other.${alias}`];
        return `least(${a}, ${b}) AS ${alias}, ${a} IS DISTINCT FROM ${b} AS ${alias}_varies, greatest(${a}, ${b}) AS ${alias}_greatest`;
      });
      const from = "FROM truth_of_own POSITIONAL JOIN truth_of_other";
      await connection.run(`CREATE TEMP TABLE truth AS SELECT truth_of_own.r, ${parts.join(", ")} ${from}`);
    }
    await connection.run("DROP TABLE truth_of_own; DROP TABLE truth_of_other");
    if (beside) return;
  }
  const parts = wanted.map(
    ({ alias }) =>
      `min(${alias}) AS ${alias}, (min(${alias}) IS DISTINCT FROM max(${alias}) OR count(${alias}) NOT IN (0, count(*))) AS ${alias}_varies, max(${alias}) AS ${alias}_greatest`,
  );
  await connection.run(`CREATE TEMP TABLE truth AS SELECT r, ${parts.join(", ")} FROM (${rowsOf(view)}) GROUP BY r`);
}

/** Else a column's values are of the type that both have in common, and so are their texts. */
function sameTypes({ columns: own }: Source, { columns: other }: Source): boolean {
  return own.size === other.size && [...own].every(([column, type]) => other.get(column) === type);
}

/** What was logged has happened, so it had some probability. */
function impossible(column: string): RowCheck {
  return {
    code: "propensity-out-of-range",
    problem: "is not above 0 and at most 1",
    condition: `NOT (${numberOf(column)} > 0 AND ${numberOf(column)} <= 1)`,
  };
}

async function checkLabel(connection: DuckDBConnection, source: Source, columns: Columns, kind: RowKind): Promise<void> {
  const { label, positive } = columns;
  const key = rowKey(columns);
  if (kind === "value") return checkNumbers(connection, source, key, label, "label");
  const empty = { code: "label-missing", problem: "is empty", condition: `${quotedName(label)} IS NULL` };
  if (kind === "several" || positive !== undefined) return checkRows(connection, source, key, label, "label", [empty]);
  await checkRows(connection, source, key, label, "label", [
    empty,
    {
      code: "labels-not-binary",
      problem: "is neither 0 nor 1",
      condition: `coalesce(${numberOf(label)} NOT IN (0, 1), true)`,
      advice:
        "Say which label is the positive one in columns.positive; for several classes name their columns in columns.probabilities or columns.class.",
    },
  ]);
}

/** Unit, cluster and weight stand in every row; a weight is a number of at least 0. */
async function checkNamed(connection: DuckDBConnection, source: Source, columns: Columns): Promise<void> {
  const key = rowKey(columns);
  for (const role of ["unit", "cluster"] as const) {
    const column = columns[role];
    if (column === undefined) continue;
    const empty = { code: "identifier-missing", problem: "is empty", condition: `${quotedName(column)} IS NULL` };
    await checkRows(connection, source, key, column, role, [empty]);
  }
  if (columns.weight === undefined) return;
  const negative = { code: "weight-invalid", problem: "is negative", condition: `${numberOf(columns.weight)} < 0` };
  await checkNumbers(connection, source, key, columns.weight, "weight", [negative]);
}

async function wantedColumns(
  connection: DuckDBConnection,
  columns: Columns,
  kind: RowKind,
  slices: readonly SliceDefinition[],
): Promise<readonly TruthColumn[]> {
  const { label, unit, cluster, weight } = columns;
  const wanted: TruthColumn[] = [{ alias: "label", role: "label", name: label, leaf: null, sql: labelSql(columns, kind) }];
  if (unit !== undefined) wanted.push({ alias: "unit", role: "unit", name: unit, leaf: null, sql: textOf(unit) });
  if (cluster !== undefined) wanted.push({ alias: "cluster", role: "cluster", name: cluster, leaf: null, sql: textOf(cluster) });
  if (weight !== undefined) wanted.push({ alias: "weight", role: "weight", name: weight, leaf: null, sql: numberOf(weight) });
  for (const [index, leaf] of sliceLeaves(slices).entries()) {
    const name = leaf.kind === "predicate" ? leaf.name : leaf.column;
    wanted.push({ alias: `slice_${index}`, role: "slice", name, leaf, sql: await leafSql(connection, leaf) });
  }
  return wanted;
}

/** A number, 1 for the positive class and 0 for others, or the name of the class. */
function labelSql({ label, positive }: Columns, kind: RowKind): string {
  if (kind === "several") return textOf(label);
  return kind === "binary" && positive !== undefined ? positiveSql(textOf(label), positive) : numberOf(label);
}

/** 1 where a text is the positive class; numbers compare as numbers, so that 1 is 1.0. */
export function positiveSql(text: string, positive: string | number | boolean): string {
  const is =
    typeof positive === "number"
      ? `coalesce(TRY_CAST(${text} AS DOUBLE) = ${positive}, false)`
      : `${text} = ${quotedText(String(positive))}`;
  return `CASE WHEN ${is} THEN 1.0::DOUBLE ELSE 0.0::DOUBLE END`;
}
