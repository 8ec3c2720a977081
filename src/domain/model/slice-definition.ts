import { z } from "zod";
import { identifierSchema } from "#domain/model/names.ts";

const columnSchema = z.string().min(1).max(128);

/** `buckets: [10, 50]` makes `< 10`, `[10, 50)` and `>= 50`. */
const bucketsSchema = z.strictObject({
  column: columnSchema,
  buckets: z
    .array(z.number())
    .min(1)
    .max(100)
    .refine((edges) => edges.every((edge, index) => index === 0 || edge > (edges[index - 1] ?? edge)), "edges grow from one to the next"),
});

/** As many buckets of about as many units each, by what the units are, never by how they were answered. */
const quantilesSchema = z.strictObject({ column: columnSchema, quantiles: z.int().min(2).max(20) });

const columnSliceSchema = z.union([columnSchema, bucketsSchema, quantilesSchema]);
export type ColumnSlice = z.infer<typeof columnSliceSchema>;
export type BucketSlice = Exclude<ColumnSlice, string>;

const crossSchema = z.strictObject({
  cross: z
    .tuple([columnSliceSchema, columnSliceSchema])
    .refine(([first, second]) => columnOf(first) !== columnOf(second), "a crossing is of two different columns"),
});

export const sliceDefinitionSchema = z.union([
  columnSliceSchema,
  crossSchema,
  z.strictObject({ name: identifierSchema, where: z.string().min(1).max(1000) }),
]);
export type SliceDefinition = z.infer<typeof sliceDefinitionSchema>;

export function columnOf(slice: ColumnSlice): string {
  return typeof slice === "string" ? slice : slice.column;
}

/** The columns whose values make the slices, one or two; null for a predicate. */
export function slicedBy(definition: SliceDefinition): readonly ColumnSlice[] | null {
  if (typeof definition === "string" || "column" in definition) return [definition];
  return "cross" in definition ? definition.cross : null;
}

/** The values that a column's slices can have, in order; null when the data say. */
export function bucketLabels(slice: ColumnSlice): readonly string[] | null {
  if (typeof slice === "string") return null;
  if ("quantiles" in slice) return Array.from({ length: slice.quantiles }, (_, index) => `quantile ${index + 1} of ${slice.quantiles}`);
  const { buckets } = slice;
  const between = buckets.slice(1).map((edge, index) => `[${buckets[index]}, ${edge})`);
  return [`< ${buckets[0]}`, ...between, `>= ${buckets.at(-1)}`];
}
