/** Units of one column value, of several, or of a named predicate (`{name: cold-start}`), as the report prints it. */
export type Slice = Readonly<Record<string, string>>;

/** A slice in one line, columns in order: "category=shoes,locale=de"; a named slice by its name. */
export function sliceText(slice: Slice | "*" | null): string {
  if (slice === null) return "all units";
  if (slice === "*") return "*";
  const columns = Object.keys(slice).toSorted();
  if (columns.length === 1 && columns[0] === "name") return slice["name"] ?? "";
  return columns.map((column) => `${column}=${slice[column]}`).join(",");
}

/** Whether two slices select the same units, whatever order their columns are written in. */
export function sameSlice(a: Slice | null, b: Slice | null): boolean {
  if (a === null || b === null) return a === b;
  const columns = Object.keys(a);
  return columns.length === Object.keys(b).length && columns.every((column) => Object.hasOwn(b, column) && a[column] === b[column]);
}
