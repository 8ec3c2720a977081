import type { Columns } from "#domain/model/model-definition.ts";
import { quotedName } from "./sandbox.ts";
import type { Source } from "./source.ts";

/** How the ids of queries (`q`) and items (`d`) are held in tables. */
export type IdTypes = { readonly query: IdType; readonly item: IdType };
type IdType = "BIGINT" | "VARCHAR";

/** Whether a column's type holds whole numbers that BIGINT holds too. */
export function isWholeNumber(type: string | undefined): boolean {
  return wholeNumber.test(type ?? "");
}

const wholeNumber = /^(?:(?:TINY|SMALL|BIG)INT|INTEGER|U(?:TINY|SMALL)INT|UINTEGER)$/;

/**
 * Ids are texts. Where every file holds them as whole numbers they are joined and grouped as such, which is the same thing several times
 * faster; where their order shows, it is that of the text ({@link idText}) all the same.
 */
export function idTypes({ query, item }: Columns, sources: readonly Source[], itemsAsText: boolean): IdTypes {
  const type = (column: string): IdType => (sources.every(({ columns }) => isWholeNumber(columns.get(column))) ? "BIGINT" : "VARCHAR");
  return { query: type(query), item: itemsAsText ? "VARCHAR" : type(item) };
}

/** The columns `q` and `d` of a file's rows. */
export function idColumns({ query, item }: Columns, ids: IdTypes): string {
  return `${queryId(query, ids)} AS q, CAST(${quotedName(item)} AS ${ids.item}) AS d`;
}

export function queryId(column: string, ids: IdTypes): string {
  return `CAST(${quotedName(column)} AS ${ids.query})`;
}

/** An id in the form in which it is ordered and shown. */
export function idText(id: string): string {
  return `CAST(${id} AS VARCHAR)`;
}
