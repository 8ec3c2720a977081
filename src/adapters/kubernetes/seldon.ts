import { z } from "zod";
import type { Backend, Exposure } from "#domain/rollout/exposure.ts";
import { digestIn, unknown } from "./workload.ts";

const conditions = z.array(z.object({ type: z.string(), status: z.string() })).default([]);
const metadata = z.object({
  name: z.string(),
  generation: z.number().default(0),
  annotations: z.record(z.string(), z.string()).default({}),
});

/** What we read of an `mlops.seldon.io/v1alpha1` Experiment. */
export const experimentSchema = z.object({
  spec: z.object({
    candidates: z.array(z.object({ name: z.string(), weight: z.number().nonnegative() })),
    mirror: z.object({ name: z.string(), percent: z.number() }).optional(),
  }),
  status: z.object({ conditions }).prefault({}),
});

/** What we read of an `mlops.seldon.io/v1alpha1` Model. */
export const seldonModelSchema = z.object({
  metadata,
  status: z.object({ conditions, observedGeneration: z.number().optional() }).prefault({}),
});

/** Weights are shares of their sum; a Model is ready as a whole, whatever its replicas. */
export function experimentExposure(
  { spec, status }: z.infer<typeof experimentSchema>,
  models: readonly z.infer<typeof seldonModelSchema>[],
): Exposure {
  const total = spec.candidates.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return unknown("all weights of the Experiment are 0");
  const backends: Backend[] = [];
  for (const { name, weight } of spec.candidates) {
    const model = models.find((each) => each.metadata.name === name);
    const digest = model && digestIn(model.metadata.annotations);
    if (model === undefined || digest === undefined) return unknown(`no Model with a digest stands behind the candidate ${name}`);
    const mirrored = spec.mirror?.name === name ? spec.mirror.percent : 0;
    const ready = holds(model.status.conditions) ? 1 : 0;
    backends.push({ digest, weight: (100 * weight) / total, ready, wanted: 1, ...(mirrored > 0 && { mirrored }) });
  }
  return { kind: "seen", accepted: holds(status.conditions), backends };
}

function holds(seen: z.infer<typeof conditions>): boolean {
  return seen.some(({ type, status }) => type === "Ready" && status === "True");
}
