import { z } from "zod";

const text = z.string().max(4000);

/** How the differences candidate - baseline of all units spread: a mean does not tell of a few who lose much. */
export const distributionSchema = z.object({
  metric: text,
  dataset: text,
  units: z.number().int(),
  /** Units on which both arms are the same; they are in no bin. */
  equal: z.number().int(),
  /** Ends of the bins, ascending, one more than there are bins; a bin holds its lower end, the last one its upper end too. */
  edges: z.array(z.number()).max(101),
  counts: z.array(z.number().int()).max(100),
});
export type Distribution = Readonly<z.infer<typeof distributionSchema>>;

const points = z.array(z.number()).max(200);

/**
 * A curve of one arm over the rows that both arms have, by their weight. roc: false positive rate, true positive rate. precision-recall:
 * recall, precision. calibration: mean probability of a bin, share of positives in it.
 */
export const curveSchema = z.object({
  kind: z.enum(["roc", "precision-recall", "calibration"]),
  arm: z.enum(["baseline", "candidate"]),
  /** How many rows it is drawn from: a curve that needs an order takes every n-th of very many. */
  of: z.number().int(),
  x: points,
  y: points,
  /** Rows behind each point of a calibration curve. */
  rows: z.array(z.number().int()).max(200).optional(),
  /** How the rows of a calibration curve are put together, such as "10 of equal width, [a,b)". */
  bins: text.optional(),
});
export type Curve = Readonly<z.infer<typeof curveSchema>>;

/** What is kept of the single units and rows, so that a reader can see their shape. */
export type Drawings = { readonly distribution?: Distribution; readonly curves?: readonly Curve[] };
