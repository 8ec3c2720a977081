import type { GateRule } from "#domain/gate/gate.ts";
import { sliceText } from "#domain/gate/slice.ts";
import { nearest } from "#domain/text/nearest.ts";
import { bucketLabels, columnOf, type SliceDefinition, slicedBy } from "./slice-definition.ts";

/** Equal for declarations whose slices would be called the same. */
export function sliceKey(definition: SliceDefinition): string {
  const columns = slicedBy(definition);
  return JSON.stringify(columns === null ? { definition: nameOf(definition) } : columns.map(columnOf).toSorted());
}

/** Why a gate's slice cannot be one of those declared; null when it can. */
export function gateSliceProblem(slice: NonNullable<GateRule["slice"]>, declared: readonly SliceDefinition[]): string | null {
  if (slice === "*") return declared.length > 0 ? null : 'slice "*" needs slices: declare some in evaluation.slices';
  const written = Object.fromEntries(Object.entries(slice).map(([column, value]) => [column, String(value)]));
  const keys = Object.keys(written);
  const names = declared.map(nameOf).filter((name) => name !== null);
  const named = keys.length === 1 ? written["name"] : undefined;
  if (named !== undefined && names.includes(named)) return null;
  const sliced = declared.find((definition) => sliceKey(definition) === JSON.stringify(keys.toSorted()));
  const text = JSON.stringify(sliceText(written));
  if (sliced === undefined) {
    if (keys.length > 1)
      return `the slice ${text} is not measured: declare {cross: [${keys.join(", ")}]} in evaluation.slices (of two columns at most)`;
    const columns = declared.flatMap((definition) => (slicedBy(definition) ?? []).map(columnOf));
    const meant = nearest(named ?? keys[0] ?? "", [...columns, ...names]);
    return `the slice ${text} is not measured: declare it in evaluation.slices${meant === undefined ? "" : `; did you mean ${JSON.stringify(meant)}?`}`;
  }
  for (const column of slicedBy(sliced) ?? []) {
    const labels = bucketLabels(column);
    const value = written[columnOf(column)] ?? "";
    if (labels !== null && !labels.includes(value)) {
      return `the slice ${text} is not measured: ${JSON.stringify(value)} is no bucket of ${columnOf(column)}, which has ${labels.map((label) => JSON.stringify(label)).join(", ")}`;
    }
  }
  return null;
}

function nameOf(definition: SliceDefinition): string | null {
  return typeof definition === "object" && "name" in definition ? definition.name : null;
}
