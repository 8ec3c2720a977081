import type { DuckDBConnection } from "@duckdb/node-api";
import type { SliceColumn } from "#domain/evaluation/scored-table.ts";
import { leafKey, type SliceLeaf, sliceColumns, sliceLeaves } from "#domain/evaluation/slice-columns.ts";
import { type SliceDefinition, slicedBy } from "#domain/model/slice-definition.ts";
import { DataProblem } from "./data-problem.ts";
import { checkedPredicate } from "./predicate.ts";
import { quotedName } from "./sandbox.ts";
import { numberOf, textOf } from "./source.ts";

/** What slices read of a row, in SQL. What should be a number and is none becomes NaN, the greatest of all, for {@link notNumeric}. */
export async function leafSql(connection: DuckDBConnection, leaf: SliceLeaf): Promise<string> {
  if (leaf.kind === "text") return textOf(leaf.column);
  if (leaf.kind === "predicate") {
    return `coalesce(CAST(${await checkedPredicate(connection, leaf.name, leaf.where)} AS BOOLEAN), false)`;
  }
  return `CASE WHEN ${quotedName(leaf.column)} IS NOT NULL THEN coalesce(${numberOf(leaf.column)}, 'NaN'::DOUBLE) END`;
}

/** Where an empty value stands in {@link sliceKeySql}: no text of a file is this. */
const emptyKey = "chr(30)";

/** In which slice of a definition a row lies, as text that is equal for rows of one slice. Quantiles are of all rows, so there is none. */
export async function sliceKeySql(connection: DuckDBConnection, definition: SliceDefinition): Promise<string> {
  const keys: string[] = [];
  for (const leaf of sliceLeaves([definition])) {
    const value = await leafSql(connection, leaf);
    const edges = (slicedBy(definition) ?? []).flatMap((by) =>
      typeof by === "object" && by.column === (leaf.kind === "predicate" ? null : leaf.column) && "buckets" in by ? by.buckets : [],
    );
    const bucket = edges.map((edge) => `CAST(${value} >= CAST(${edge} AS DOUBLE) AS INTEGER)`).join(" + ");
    keys.push(`coalesce(CAST(${leaf.kind === "number" ? bucket : value} AS VARCHAR), ${emptyKey})`);
  }
  return `concat_ws(chr(29), ${keys.join(", ")})`;
}

/** The slices as declared, from the columns that were read for what they read. */
export function readSlices(
  slices: readonly SliceDefinition[],
  read: readonly { readonly leaf: SliceLeaf | null }[],
  valuesOf: (index: number) => readonly unknown[] | undefined,
): readonly SliceColumn[] {
  return sliceColumns(slices, (wanted) => {
    const index = read.findIndex(({ leaf }) => leaf !== null && leafKey(leaf) === leafKey(wanted));
    return valuesOf(index) ?? [];
  });
}

/** Buckets are of numbers: a text among them would silently be in none. */
export function notNumeric(what: string, where: string): DataProblem {
  return new DataProblem(
    "slice-not-numeric",
    `${what} makes buckets, but holds no number for ${where}. Correct it, leave it empty, or slice by its values.`,
  );
}
