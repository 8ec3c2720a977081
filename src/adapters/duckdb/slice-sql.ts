import type { DuckDBConnection } from "@duckdb/node-api";
import type { SliceColumn } from "#domain/evaluation/scored-table.ts";
import { leafKey, type SliceLeaf, sliceColumns } from "#domain/evaluation/slice-columns.ts";
import type { SliceDefinition } from "#domain/model/slice-definition.ts";
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
