import { routeOf } from "#domain/manifest/http-route.ts";
import { versionFile } from "#domain/manifest/manifest-names.ts";
import type { ManifestInput, Target } from "#domain/manifest/target.ts";
import { type WorkloadView, workloadOf } from "#domain/manifest/workload.ts";

export interface PoolView extends WorkloadView {
  readonly picker: { readonly name: string; readonly port: number };
}

/** The Gateway API with an InferencePool for each version: an endpoint picker chooses the pod, the HTTPRoute chooses the version. */
export const inferencePool: Target = {
  mover: "slipway",
  coldApplyHazard: null,
  needs: ["image", "endpointPicker"],
  can: { shadow: false, sticky: true, autoscalers: ["hpa", "keda"] },
  replicaRatio: false,
  writesStable: false,
  views: (input) => [
    { file: versionFile("inference-pool", input.candidate.digest), template: "inference-pool.yaml", view: poolOf(input), scope: "version" },
    routeOf(input, true),
  ],
};

function poolOf(input: ManifestInput): PoolView {
  const { endpointPicker } = input.rollout.serving;
  if (endpointPicker === undefined) throw new RangeError("an InferencePool needs serving.endpointPicker");
  return { ...workloadOf(input, input.candidate), picker: endpointPicker };
}
