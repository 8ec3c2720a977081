import { z } from "zod";
import type { Exposure } from "#domain/rollout/exposure.ts";
import { podDigestOf, unknown, workloadSchema } from "./workload.ts";

/** What we read of an `argoproj.io/v1alpha1` Rollout whose steps its controller walks. */
export const delegatedRolloutSchema = workloadSchema.extend({
  status: workloadSchema.shape.status
    .unwrap()
    .extend({
      currentPodHash: z.string().default(""),
      stableRS: z.string().default(""),
      availableReplicas: z.number().int().nonnegative().default(0),
      abort: z.boolean().default(false),
    })
    .prefault({}),
});
type DelegatedRollout = z.infer<typeof delegatedRolloutSchema>;

/** The candidate's weight is its share of the pods; all of them once the controller calls it stable. The version beside it has no digest here. */
export function delegatedRolloutExposure(rollout: DelegatedRollout): Exposure {
  const { metadata, status, spec } = rollout;
  const digest = podDigestOf(rollout);
  if (digest === undefined) return unknown("the Rollout's pods have no digest");
  if (status.abort) return unknown("the Rollout was aborted in the cluster: its spec names a version that it does not serve");
  const updated = status.updatedReplicas ?? 0;
  const all = Math.max(status.replicas ?? 0, 1);
  const stable = status.stableRS !== "" && status.stableRS === status.currentPodHash;
  const weight = stable && updated === all ? 100 : (100 * updated) / all;
  const missing = Math.max(0, spec.replicas - status.availableReplicas);
  return {
    kind: "seen",
    accepted: status.observedGeneration >= metadata.generation,
    backends: [{ digest, weight, ready: Math.max(0, updated - missing), wanted: updated }],
  };
}
