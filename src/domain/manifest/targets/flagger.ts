import type { ManifestInput, Target } from "#domain/manifest/target.ts";
import { type WorkloadView, workloadOf } from "#domain/manifest/workload.ts";

export interface FlaggerView extends WorkloadView {
  readonly release: string | null;
  readonly gateway: string;
  /** One interval for all steps: the longest window, so that no step is shorter than what was asked for. */
  readonly interval: string;
  readonly weights: readonly { readonly weight: number }[];
  readonly sticky: { readonly cookie: string } | null;
  readonly scaled: boolean;
}

/** One Deployment that holds the candidate, and a Canary: Flagger copies what it promoted, makes the HTTPRoute, and walks the weights. */
export const flagger: Target = {
  mover: "controller",
  coldApplyHazard:
    "Git names only the candidate, and Flagger takes the first Deployment it meets for the primary: a new cluster sends all traffic to the candidate",
  needs: ["image"],
  can: { shadow: false, sticky: true, autoscalers: ["hpa", "keda"] },
  replicaRatio: false,
  writesStable: false,
  views: (input) => [{ file: "flagger-canary.yaml", template: "flagger-canary.yaml", view: viewOf(input), scope: "traffic" }],
};

function viewOf(input: ManifestInput): FlaggerView {
  const { model, release, rollout } = input;
  const longest = Math.max(1000, ...rollout.steps.map(({ window }) => window));
  // Flagger wants a step even where there is none to take: a first version has all the traffic.
  const weights = rollout.steps.length > 0 ? rollout.steps.map(({ weight }) => weight) : [100];
  return {
    ...workloadOf(input, input.candidate, { name: model }),
    release,
    gateway: rollout.serving.gateway,
    interval: `${Math.ceil(longest / 1000)}s`,
    weights: weights.map((weight) => ({ weight })),
    sticky: rollout.serving.sticky ?? null,
    scaled: rollout.serving.autoscaler !== undefined,
  };
}
