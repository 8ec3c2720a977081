import type { ManifestInput, Target } from "#domain/manifest/target.ts";
import { type WorkloadView, workloadOf } from "#domain/manifest/workload.ts";

export interface DelegatedRolloutView extends WorkloadView {
  readonly release: string | null;
  readonly stableService: string;
  readonly canaryService: string;
  /** Each weight is kept for its seconds, as Argo writes them. */
  readonly steps: readonly { readonly weight: number; readonly pause: string }[];
}

/** One Rollout that holds the candidate and the steps: the controller of Argo Rollouts walks them by shares of replicas. */
export const argoRolloutsDelegated: Target = {
  mover: "controller",
  coldApplyHazard:
    "Git names only the candidate, and Argo Rollouts skips all steps when it first meets a Rollout: a new cluster sends all traffic to the candidate",
  needs: ["image"],
  can: { shadow: false, sticky: false, autoscalers: [] },
  replicaRatio: true,
  writesStable: false,
  views: (input) => [{ file: "rollout.yaml", template: "rollout-delegated.yaml", view: viewOf(input), scope: "traffic" }],
};

function viewOf(input: ManifestInput): DelegatedRolloutView {
  const { model, release, rollout } = input;
  return {
    ...workloadOf(input, input.candidate, { name: model }),
    release,
    stableService: `${model}-stable`,
    canaryService: `${model}-canary`,
    steps: rollout.steps.map(({ weight, window }) => ({ weight, pause: `${Math.ceil(window / 1000)}s` })),
  };
}
