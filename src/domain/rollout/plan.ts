import { z } from "zod";
import { identifierSchema } from "#domain/model/names.ts";
import { durationSchema } from "#domain/model/time.ts";
import { objectiveSchema } from "#domain/slo/objective.ts";

const weightSchema = z.number().int().min(1).max(99);

/** One weight of the canary, in per cent of the traffic, and the stretch of time it is judged over. */
const stepSchema = z.strictObject({ weight: weightSchema, window: durationSchema });

/** How a version is served: what the manifests need beside its digest. */
export const servingSchema = z.strictObject({
  image: z
    .string()
    .regex(/^[0-9A-Za-z][0-9A-Za-z._/:@-]{0,254}$/, "an image is a registry reference, such as ghcr.io/acme/ranker@sha256:…"),
  port: z.number().int().min(1).max(65_535).default(8080),
  replicas: z.number().int().min(1).max(1000).default(1),
  gateway: identifierSchema.default("models"),
});
export type Serving = Readonly<z.infer<typeof servingSchema>>;

const pace = {
  /** 100 follows by itself and is judged over `bake`. */
  steps: z.array(stepSchema).min(1).max(20),
  bake: durationSchema,
  /** How often a window may be extended while it is inconclusive. */
  extend: z.number().int().min(0).max(20),
  /** How long a weight may take to be seen live. */
  deadline: durationSchema,
};

const served = { target: z.enum(["gateway-api"]).default("gateway-api"), serving: servingSchema };

/** What a model's definition says; what it leaves out is the policy's default for its tier. */
export const rolloutSchema = z.strictObject({
  ...served,
  steps: pace.steps.optional(),
  bake: pace.bake.optional(),
  extend: pace.extend.optional(),
  deadline: pace.deadline.optional(),
});
export type WrittenRollout = Readonly<z.infer<typeof rolloutSchema>>;

/** The pace that policy gives to models that have none of their own. */
export const rolloutDefaultsSchema = z.strictObject(pace).partial();
export type RolloutDefaults = Readonly<z.infer<typeof rolloutDefaultsSchema>>;

const wholeRolloutSchema = z.strictObject({ ...served, ...pace, extend: pace.extend.default(3), deadline: pace.deadline.default(600_000) });
export type Rollout = Readonly<z.infer<typeof wholeRolloutSchema>>;

const usualExtensions = 3;
const usualDeadline = 600_000;

/** A rollout with everything filled in: the model's own word first, then the policy's default; null where neither says the steps and the bake. */
export function wholeRollout(written: WrittenRollout, defaults: RolloutDefaults | undefined): Rollout | null {
  const steps = written.steps ?? defaults?.steps;
  const bake = written.bake ?? defaults?.bake;
  if (steps === undefined || bake === undefined) return null;
  return {
    target: written.target,
    serving: written.serving,
    steps,
    bake,
    extend: written.extend ?? defaults?.extend ?? usualExtensions,
    deadline: written.deadline ?? defaults?.deadline ?? usualDeadline,
  };
}

/** What a release will do, frozen when it starts: a later change of the definition does not move a running canary. */
export const releasePlanSchema = z.strictObject({ rollout: wholeRolloutSchema, objectives: z.array(objectiveSchema) });
export type ReleasePlan = Readonly<z.infer<typeof releasePlanSchema>>;

/** One exposure of a release, the last one at 100 %. */
export interface Step {
  readonly index: number;
  readonly weight: number;
  /** milliseconds */
  readonly window: number;
  readonly last: boolean;
}

export function stepsOf(rollout: Rollout): readonly Step[] {
  const steps = rollout.steps.map(({ weight, window }, index) => ({ index, weight, window, last: false }));
  return [...steps, { index: steps.length, weight: 100, window: rollout.bake, last: true }];
}
