import { z } from "zod";
import { durationSchema } from "#domain/model/time.ts";
import { servingSchema } from "#domain/rollout/serving.ts";
import { outputNames, targetNameSchema } from "#domain/rollout/target-name.ts";
import { objectiveSchema } from "#domain/slo/objective.ts";

const weightSchema = z.number().int().min(1).max(99);

/** One weight of the canary, in per cent of the traffic, and the stretch of time it is judged over. */
const stepSchema = z.strictObject({ weight: weightSchema, window: durationSchema });

const pace = {
  /** 100 follows by itself and is judged over `bake`. */
  steps: z.array(stepSchema).min(1).max(20),
  bake: durationSchema,
  /** How often a window may be extended while it is inconclusive. */
  extend: z.number().int().min(0).max(20),
  /** How long a weight may take to be seen live. */
  deadline: durationSchema,
};

/** Before the first weight: a copy of `percent` of the requests goes to the candidate, whose answers nobody gets. */
const shadowSchema = z.strictObject({ window: durationSchema, percent: z.number().int().min(1).max(100).default(100) });

const served = {
  target: targetNameSchema.default("gateway-api"),
  output: z.enum(outputNames).default("manifests"),
  serving: servingSchema,
  shadow: shadowSchema.optional(),
  /** Hazards of the target that the team has read and takes: `cold-apply`, an empty cluster gives the candidate all traffic. */
  accepts: z
    .array(z.enum(["cold-apply"]))
    .max(1)
    .default([]),
};

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
    output: written.output,
    serving: written.serving,
    ...(written.shadow !== undefined && { shadow: written.shadow }),
    accepts: written.accepts,
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
  /** Per cent of the requests of which the candidate gets a copy; null where users get its answers. */
  readonly mirror: number | null;
}

export function stepsOf({ steps, shadow, bake }: Rollout): readonly Step[] {
  const exposures = [
    ...(shadow === undefined ? [] : [{ weight: 0, window: shadow.window, last: false, mirror: shadow.percent }]),
    ...steps.map(({ weight, window }) => ({ weight, window, last: false, mirror: null })),
    { weight: 100, window: bake, last: true, mirror: null },
  ];
  return exposures.map((exposure, index) => ({ index, ...exposure }));
}
