import type { z } from "zod";
import { WrongUsage } from "./verb.ts";

/** A name from the command line, by the one validator of its kind. */
export function named<Schema extends z.ZodType>(schema: Schema, written: string | undefined, what: string): z.output<Schema> {
  if (written === undefined) throw new WrongUsage(`${what} is missing`);
  const parsed = schema.safeParse(written);
  if (!parsed.success) throw new WrongUsage(`${what} ${JSON.stringify(written)}: ${parsed.error.issues[0]?.message ?? "cannot be used"}`);
  return parsed.data;
}

/** The same, where it may be left out. */
export function namedOrNone<Schema extends z.ZodType>(
  schema: Schema,
  written: string | undefined,
  what: string,
): z.output<Schema> | undefined {
  return written === undefined ? undefined : named(schema, written, what);
}
