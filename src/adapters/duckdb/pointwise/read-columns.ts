import type { DuckDBConnection } from "@duckdb/node-api";
import { streamColumns } from "#adapters/duckdb/stream-columns.ts";
import type { ArmNeeds, RowKind } from "#domain/evaluation/rows/row-columns.ts";
import type { Listed } from "#domain/evaluation/rows/row-table.ts";
import type { RowScoringRequest } from "#ports/evaluation-engine.ts";
import { keysAscend, sameKeys } from "./key-order.ts";
import { positiveSql, type TruthColumn } from "./load-truth.ts";

export type RowReading = {
  readonly request: RowScoringRequest;
  readonly kind: RowKind;
  readonly needs: ArmNeeds;
  readonly wanted: readonly TruthColumn[];
  readonly hasBaseline: boolean;
};

/** All labelled rows beside both arms' ones, in the order of their keys: what follows SELECT, and whether the arms have every row. */
export type JoinedRows = { readonly sql: string; readonly complete: boolean };

export async function joined(connection: DuckDBConnection, hasBaseline: boolean): Promise<JoinedRows> {
  const arms = hasBaseline ? ["candidate", "baseline"] : ["candidate"];
  const beside = await sameKeys(connection, ["truth", ...arms]);
  const joins = arms.map((arm) => (beside ? `POSITIONAL JOIN ${arm}` : `LEFT JOIN ${arm} ON ${arm}.r = truth.r`));
  const order = beside && (await keysAscend(connection, "truth")) ? "" : "ORDER BY truth.r";
  return { sql: `FROM truth ${joins.join(" ")} ${order}`, complete: beside };
}

export type ArmColumns = {
  readonly rows: number;
  readonly listed: Listed;
  readonly score: Float64Array | null;
  /** The predicted class by its name, or of two classes 1 for the positive one. */
  readonly named: readonly unknown[] | null;
  readonly decided: Float64Array | null;
  readonly probabilities: readonly Float64Array[] | null;
  readonly lower: Float64Array | null;
  readonly upper: Float64Array | null;
};

export type ReadColumns = {
  readonly rows: number;
  /** By the alias of a column of the truth. */
  readonly numbers: (alias: string) => Float64Array;
  readonly values: (alias: string) => readonly unknown[];
  readonly texts: (alias: string) => readonly string[];
  readonly arm: (arm: "candidate" | "baseline") => ArmColumns;
};

/** Everything that metrics read, in one pass. */
export async function readColumns(connection: DuckDBConnection, reading: RowReading, from: JoinedRows): Promise<ReadColumns> {
  const { request, kind, needs, wanted, hasBaseline } = reading;
  const { columns } = request;
  const arms = hasBaseline ? ["candidate", "baseline"] : ["candidate"];
  const classes = Object.keys(columns.probabilities ?? {});
  const decides = kind === "binary" && columns.positive !== undefined;
  const isNumber = ({ role }: TruthColumn): boolean =>
    role === "weight" || role === "propensity" || (role === "label" && kind !== "several");
  const truthSql = (of: readonly TruthColumn[]): readonly string[] => of.map(({ alias }) => `truth.${alias}`);
  const numbers = [
    ...truthSql(wanted.filter(isNumber)),
    ...arms.flatMap((arm) => [
      ...(needs.score ? [`${arm}.s`] : []),
      ...(needs.class && decides ? [positiveSql(`${arm}.c`, columns.positive ?? "")] : []),
      ...(needs.probabilities ? classes.map((_, index) => `${arm}.p${index}`) : []),
      ...(needs.interval ? [`${arm}.lo`, `${arm}.hi`] : []),
    ]),
  ];
  const values = [
    ...truthSql(wanted.filter((column) => !isNumber(column))),
    ...arms.flatMap((arm) => [...(from.complete ? [] : [`${arm}.r IS NOT NULL`]), ...(needs.class && !decides ? [`${arm}.c`] : [])]),
  ];
  const rows = await countOf(connection, "truth");
  const read = await streamColumns(connection, { numbers, values }, from.sql, rows);
  const numbersOf = (sql: string): Float64Array => read.numbers[numbers.indexOf(sql)] ?? new Float64Array(rows);
  const valuesOf = (sql: string): readonly unknown[] => read.values[values.indexOf(sql)] ?? [];
  return {
    rows,
    numbers: (alias) => numbersOf(`truth.${alias}`),
    values: (alias) => valuesOf(`truth.${alias}`),
    texts: (alias) => valuesOf(`truth.${alias}`).map(String),
    arm: (arm) => ({
      rows,
      listed: from.complete ? "all" : listedOf(valuesOf(`${arm}.r IS NOT NULL`)),
      score: needs.score ? numbersOf(`${arm}.s`) : null,
      named: needs.class && !decides ? valuesOf(`${arm}.c`) : null,
      decided: needs.class && decides ? numbersOf(positiveSql(`${arm}.c`, columns.positive ?? "")) : null,
      probabilities: needs.probabilities ? classes.map((_, index) => numbersOf(`${arm}.p${index}`)) : null,
      lower: needs.interval ? numbersOf(`${arm}.lo`) : null,
      upper: needs.interval ? numbersOf(`${arm}.hi`) : null,
    }),
  };
}

function listedOf(values: readonly unknown[]): Listed {
  return values.every((value) => value === true) ? "all" : values.map((value) => value === true);
}

async function countOf(connection: DuckDBConnection, table: string): Promise<number> {
  return Number((await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${table}`)).getRowsJS()[0]?.[0] ?? 0);
}
