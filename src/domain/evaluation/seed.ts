import { type Slice, sliceText } from "#domain/gate/slice.ts";

/** What chance may depend on, and nothing else: the data, the metric and the slice. The same evaluation draws the same. */
export function seedOf(datasetDigest: string, metric: string, slice: Slice | null): string {
  return [datasetDigest, metric, sliceText(slice)].join("\n");
}
