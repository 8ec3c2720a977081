import { madeStable } from "#domain/manifest/both-versions.ts";
import { deploymentFile } from "#domain/manifest/manifest-names.ts";
import { candidateReplicas } from "#domain/manifest/replica-share.ts";
import type { ManifestInput, ManifestView, Target } from "#domain/manifest/target.ts";
import { workloadOf } from "#domain/manifest/workload.ts";

export interface ServiceView {
  readonly namespace: string;
  readonly environment: string;
  readonly model: string;
  readonly release: string | null;
}

/** Without a gateway: one Service over both versions' pods, so a version's weight is its share of the replicas. */
export const deployment: Target = {
  mover: "slipway",
  coldApplyHazard: null,
  needs: ["image"],
  can: { shadow: false, sticky: false, autoscalers: [] },
  replicaRatio: true,
  writesStable: true,
  views(input) {
    const { replicas } = input.rollout.serving;
    const stable = madeStable(input);
    const share = candidateReplicas(replicas, input.candidate.weight);
    if (share === undefined) throw new RangeError(`${input.candidate.weight} % of ${replicas} replicas is no whole number`);
    const ofVersion = (version: Parameters<typeof workloadOf>[1], count: number): ManifestView => ({
      file: deploymentFile(version.digest),
      template: "deployment.yaml",
      view: workloadOf(input, version, { replicas: count }),
      scope: "traffic",
    });
    return [...(stable === null ? [] : [ofVersion(stable, replicas - share)]), ofVersion(input.candidate, share), serviceOf(input)];
  },
};

function serviceOf({ namespace, environment, model, release }: ManifestInput): ManifestView {
  const view: ServiceView = { namespace, environment, model, release };
  return { file: "service.yaml", template: "service.yaml", view, scope: "traffic" };
}
