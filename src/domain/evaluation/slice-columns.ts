import { type ColumnSlice, columnOf, type SliceDefinition, slicedBy } from "#domain/model/slice-definition.ts";
import type { PlainSliceColumn, SliceColumn } from "./scored-table.ts";

/** One value of a unit that slices read: a column as text or as a number, or whether a predicate holds. */
export type SliceLeaf =
  | { readonly kind: "text"; readonly column: string }
  | { readonly kind: "number"; readonly column: string }
  | { readonly kind: "predicate"; readonly name: string; readonly where: string };

/** What all slices read of a unit, each once. */
export function sliceLeaves(definitions: readonly SliceDefinition[]): readonly SliceLeaf[] {
  const leaves = definitions.flatMap((definition) => {
    const columns = slicedBy(definition);
    if (columns !== null) return columns.map(leafOf);
    return typeof definition === "object" && "where" in definition ? [{ kind: "predicate", ...definition } as const] : [];
  });
  return [...new Map(leaves.map((leaf) => [leafKey(leaf), leaf])).values()];
}

/** The columns that slices read, by what a message calls them. */
export function slicedColumns(definitions: readonly SliceDefinition[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    sliceLeaves(definitions).flatMap((leaf) => (leaf.kind === "predicate" ? [] : [[`slice ${leaf.column}`, leaf.column]])),
  );
}

/** The slices as declared, from the values of their leaves. */
export function sliceColumns(
  definitions: readonly SliceDefinition[],
  valuesOf: (leaf: SliceLeaf) => readonly unknown[],
): readonly SliceColumn[] {
  return definitions.map((definition): SliceColumn => {
    if (typeof definition === "object" && "where" in definition) {
      const values = valuesOf({ kind: "predicate", ...definition }).map((value) => value === true);
      return { kind: "predicate", name: definition.name, values };
    }
    if (typeof definition === "string" || "column" in definition) return plainColumn(definition, valuesOf);
    const [first, second] = definition.cross;
    return { kind: "cross", parts: [plainColumn(first, valuesOf), plainColumn(second, valuesOf)] };
  });
}

function plainColumn(slice: ColumnSlice, valuesOf: (leaf: SliceLeaf) => readonly unknown[]): PlainSliceColumn {
  const values = valuesOf(leafOf(slice));
  if (typeof slice !== "string")
    return { kind: "buckets", by: slice, values: values.map((value) => (typeof value === "number" ? value : null)) };
  return { kind: "column", column: slice, values: values.map((value) => (value === null || value === undefined ? null : String(value))) };
}

function leafOf(slice: ColumnSlice): SliceLeaf {
  return { kind: typeof slice === "string" ? "text" : "number", column: columnOf(slice) };
}

/** Equal for leaves that read the same. */
export function leafKey(leaf: SliceLeaf): string {
  return leaf.kind === "predicate" ? `predicate ${leaf.name}` : `${leaf.kind} ${leaf.column}`;
}
