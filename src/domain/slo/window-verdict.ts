import { z } from "zod";
import { verdicts } from "#domain/evaluation/verdict.ts";
import { identifierSchema } from "#domain/model/names.ts";
import { instantSchema } from "#domain/model/time.ts";

/** What one objective measured of the live canary in one stretch of time, and what that says. Shares are of requests, 0 to 1. */
export const judgedWindowSchema = z.strictObject({
  objective: identifierSchema,
  kind: z.enum(["window", "recent", "burn-rate"]),
  from: instantSchema,
  to: instantSchema,
  good: z.number().int().min(0),
  total: z.number().int().min(0),
  target: z.number(),
  /** Wilson score interval of the good share, 95 % (of a recent stretch 99.9 %); null when there was no request. */
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  verdict: z.enum(verdicts),
});
export type JudgedWindow = Readonly<z.infer<typeof judgedWindowSchema>>;
