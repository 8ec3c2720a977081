import type { Slice } from "#domain/gate/slice.ts";
import { bucketLabels } from "#domain/model/slice-definition.ts";
import { byBytes } from "./by-bytes.ts";
import type { PreflightFinding } from "./report.ts";
import type { PlainSliceColumn, SliceColumn } from "./scored-table.ts";

/** A slice and what is in it: places of units, or of rows. */
export type SliceMembers = { readonly slice: Slice; readonly members: readonly number[] };
export type SlicesFound = { readonly slices: readonly SliceMembers[]; readonly problems: readonly PreflightFinding[] };

/** Values of one column beyond this are identifiers, not slices; a crossing may make so many, too. */
const mostSliceValues = 500;

/** Every slice of some columns, those of one column in order; an empty value is in none. Too many values are a problem. */
export function slicesIn(columns: readonly SliceColumn[]): SlicesFound {
  const found = columns.map(slicesOf);
  return { slices: found.flatMap(({ slices }) => slices), problems: found.flatMap(({ problems }) => problems) };
}

function slicesOf(column: SliceColumn): SlicesFound {
  if (column.kind === "predicate") {
    return { slices: [{ slice: { name: column.name }, members: column.values.flatMap((holds, at) => (holds ? [at] : [])) }], problems: [] };
  }
  if (column.kind !== "cross") {
    const { name, order, values } = labelled(column);
    const groups = grouped(values);
    if (groups.size > mostSliceValues) return tooMany(`Slice column ${JSON.stringify(name)} has ${groups.size} values`);
    return { slices: inOrder(groups, order).map(([value, members]) => ({ slice: { [name]: value }, members })), problems: [] };
  }
  const [first, second] = [labelled(column.parts[0]), labelled(column.parts[1])];
  const outer = grouped(first.values);
  const inner = new Set(second.values).size;
  const what = `The crossing of ${JSON.stringify(first.name)} and ${JSON.stringify(second.name)}`;
  if (outer.size > mostSliceValues || inner > mostSliceValues + 1) return tooMany(`${what} is of ${outer.size} and ${inner} values`);
  const slices = pairsOf(first, second, inOrder(outer, first.order));
  return slices.length > mostSliceValues ? tooMany(`${what} has ${slices.length} combinations`) : { slices, problems: [] };
}

/** The slices of two columns together that lie in slices of `first` with enough members: however many there are, no problem. */
export function crossingOf(
  first: PlainSliceColumn,
  second: PlainSliceColumn,
  enough: (members: readonly number[]) => boolean,
): readonly SliceMembers[] {
  const [outer, inner] = [labelled(first), labelled(second)];
  const kept = inOrder(grouped(outer.values), outer.order).filter(([, members]) => enough(members));
  return pairsOf(outer, inner, kept);
}

function pairsOf(first: Labelled, second: Labelled, outer: readonly [string, readonly number[]][]): readonly SliceMembers[] {
  return outer.flatMap(([value, members]) =>
    inOrder(grouped(second.values, members), second.order).map(([other, both]) => ({
      slice: { [first.name]: value, [second.name]: other },
      members: both,
    })),
  );
}

function tooMany(what: string): SlicesFound {
  const message = `${what}, more than ${mostSliceValues}. Slice by a column with fewer values.`;
  return { slices: [], problems: [{ code: "too-many-slices", verdict: "error", message }] };
}

type Labelled = { readonly name: string; readonly order: readonly string[] | null; readonly values: readonly (string | null)[] };

function labelled(column: PlainSliceColumn): Labelled {
  if (column.kind === "column") return { name: column.column, order: null, values: column.values };
  const { by, values } = column;
  const labels = bucketLabels(by) ?? [];
  const edges = "buckets" in by ? by.buckets : quantileEdges(values, by.quantiles);
  const labelsOf = values.map((value) => (value === null ? null : (labels[edges.filter((edge) => edge <= value).length] ?? null)));
  return { name: by.column, order: labels, values: labelsOf };
}

/** The least value of each quantile but the first, so that equal values lie in one bucket. */
function quantileEdges(values: readonly (number | null)[], quantiles: number): readonly number[] {
  const sorted = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  return Array.from({ length: quantiles - 1 }, (_, index) => sorted[Math.ceil((sorted.length * (index + 1)) / quantiles)] ?? Infinity);
}

function grouped(values: readonly (string | null)[], among?: readonly number[]): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  const add = (at: number): void => {
    const value = values[at] ?? null;
    if (value === null) return;
    const known = groups.get(value);
    if (known === undefined) groups.set(value, [at]);
    else known.push(at);
  };
  if (among === undefined) for (let at = 0; at < values.length; at += 1) add(at);
  else among.forEach(add);
  return groups;
}

function inOrder(groups: ReadonlyMap<string, readonly number[]>, order: readonly string[] | null): [string, readonly number[]][] {
  if (order === null) return [...groups].toSorted(([a], [b]) => byBytes(a, b));
  return order.flatMap((label) => {
    const members = groups.get(label);
    return members === undefined ? [] : [[label, members] satisfies [string, readonly number[]]];
  });
}
