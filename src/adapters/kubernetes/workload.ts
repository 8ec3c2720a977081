import { z } from "zod";
import { type Digest, digestSchema } from "#domain/model/names.ts";
import type { Exposure } from "#domain/rollout/exposure.ts";

export const digestAnnotation = "slipway.dev/digest";

const annotated = z.object({ annotations: z.record(z.string(), z.string()).default({}) });

/** What we read of a Deployment, or of a Rollout of Argo, which writes its generation as text. */
export const workloadSchema = z.object({
  metadata: annotated.extend({ name: z.string(), generation: z.number().default(0) }),
  spec: z.object({
    replicas: z.number().int().nonnegative().default(1),
    template: z.object({ metadata: annotated.prefault({}) }).prefault({}),
  }),
  status: z
    .object({
      observedGeneration: z.coerce.number().default(0),
      replicas: z.number().int().nonnegative().optional(),
      readyReplicas: z.number().int().nonnegative().default(0),
      updatedReplicas: z.number().int().nonnegative().optional(),
    })
    .prefault({}),
});
export type Workload = z.infer<typeof workloadSchema>;

export function unknown(reason: string): Exposure {
  return { kind: "unknown", reason };
}

export function digestOf({ metadata }: Workload): Digest | undefined {
  return digestIn(metadata.annotations);
}

/** What its pods run, which is what matters where a controller writes the rest. */
export function podDigestOf({ spec }: Workload): Digest | undefined {
  return digestIn(spec.template.metadata.annotations);
}

export function digestIn(annotations: Readonly<Record<string, string>>): Digest | undefined {
  return digestSchema.safeParse(annotations[digestAnnotation]).data;
}

/** A status of an older generation speaks of pods that may be on their way out, and so do ready pods of an older template. */
export function readyIn({ metadata, status }: Workload): number {
  if (status.observedGeneration < metadata.generation) return 0;
  return Math.min(status.readyReplicas, status.updatedReplicas ?? status.readyReplicas);
}
