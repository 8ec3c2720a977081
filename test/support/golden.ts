import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** One file of `test/golden/`, whose README says what the fields mean. */
const goldenSchema = z.object({
  cases: z.array(z.looseObject({ id: z.string(), inputs: z.unknown(), expected: z.array(z.looseObject({})) })),
});
export type GoldenCase = z.infer<typeof goldenSchema>["cases"][number];

export function golden(name: string): readonly GoldenCase[] {
  return goldenSchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, "..", "golden", name), "utf8"))).cases;
}

/** The rows of a case that a schema reads, and no others: a row of another method has other fields. */
export function rowsOf<T>(goldenCase: GoldenCase, schema: z.ZodType<T>): readonly T[] {
  return goldenCase.expected.flatMap((row) => {
    const parsed = schema.safeParse(row);
    return parsed.success ? [parsed.data] : [];
  });
}

/** JSON has no NaN or Infinity: golden files write them as text. */
export const goldenNumber = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"]).transform(Number)]);
