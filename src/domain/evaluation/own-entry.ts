import { z } from "zod";

const expressionSchema = z.string().min(1).max(1000);

/** How a metric is named that a model defines itself: gates and reports call it so. */
export const metricNameSchema = z
  .string()
  .regex(/^[A-Za-z][0-9A-Za-z._@-]{0,63}$/, "a metric's name starts with a letter and has at most 64 of letters, digits and . _ @ -");

const sources = ["sql", "numerator", "column", "scores"] as const;

/** A metric that a model defines itself: by an expression over its columns, as a ratio of two, by one column, or in a file of scores. */
export const ownMetricSchema = z
  .strictObject({
    name: metricNameSchema,
    better: z.enum(["higher", "lower", "target"]),
    /** What its numbers are counted in, such as EUR; for people. */
    unit: z.string().min(1).max(32).optional(),
    /** Least and greatest value of one unit; null where unbounded. */
    range: z.tuple([z.number().nullable(), z.number().nullable()]).optional(),
    sql: expressionSchema.optional(),
    numerator: expressionSchema.optional(),
    denominator: expressionSchema.optional(),
    column: z.string().min(1).max(128).optional(),
    scores: z
      .string()
      .min(1)
      .max(2048)
      .regex(/^[^\u0000-\u001f\u007f]+$/, "a location holds no control characters")
      .optional(),
  })
  .refine(
    (entry) => sources.filter((source) => entry[source] !== undefined).length === 1,
    `an own metric has exactly one of ${sources.join(", ")}`,
  )
  .refine(
    ({ numerator, denominator }) => (numerator === undefined) === (denominator === undefined),
    "a ratio has both numerator and denominator",
  )
  .refine(({ range: [least, greatest] = [null, null] }) => least === null || greatest === null || least < greatest, {
    path: ["range"],
    message: "a range is written [least, greatest], least below greatest",
  });
export type OwnMetricEntry = Readonly<z.infer<typeof ownMetricSchema>>;
