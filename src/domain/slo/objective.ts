import { z } from "zod";
import { environmentNameSchema, identifierSchema } from "#domain/model/names.ts";
import { durationSchema } from "#domain/model/time.ts";

/** What makes one request good. */
const indicatorSchema = z.union([
  z.strictObject({ latency: z.strictObject({ atMost: durationSchema }) }),
  z.strictObject({ availability: z.strictObject({}) }),
]);

/** One alert condition on both its windows (SRE workbook, chapter 5): the long one proves harm, the short one that it goes on. */
const burnRateSchema = z.strictObject({ long: durationSchema, short: durationSchema, factor: z.number().positive() });

export const objectiveSchema = z.strictObject({
  name: identifierSchema,
  /** Without it the objective holds in every environment. */
  environment: environmentNameSchema.optional(),
  /** The share of requests that must be good. */
  target: z.number().gt(0).lt(1),
  indicator: indicatorSchema,
  burnRate: z.array(burnRateSchema).max(4).default([]),
});
export type Objective = Readonly<z.infer<typeof objectiveSchema>>;
export type BurnRateRule = Objective["burnRate"][number];

/** The indicator in the form in which metrics are asked for it. */
export type Indicator = { readonly kind: "latency"; readonly atMostMilliseconds: number } | { readonly kind: "availability" };

export function indicatorOf(objective: Objective): Indicator {
  return "latency" in objective.indicator
    ? { kind: "latency", atMostMilliseconds: objective.indicator.latency.atMost }
    : { kind: "availability" };
}
