import { inferenceServiceOf, predictorOf } from "#domain/manifest/inference-service.ts";
import type { Target } from "#domain/manifest/target.ts";

/** KServe on Knative, any release: `canaryTrafficPercent` splits between the newest revision and the one before, which Git does not name. */
export const kservePercent: Target = {
  mover: "slipway",
  coldApplyHazard:
    "Git names only the candidate, and KServe remembers the stable revision in .status alone: a new cluster, or a recreated InferenceService, ignores canaryTrafficPercent and sends all traffic to the candidate",
  needs: ["modelFormat"],
  can: { shadow: false, sticky: false, autoscalers: [] },
  replicaRatio: false,
  writesStable: false,
  views: (input) => [
    inferenceServiceOf(input, {
      mode: "Knative",
      main: { ...predictorOf(input.candidate), member: null },
      canary: null,
      percent: input.stable === null ? null : { weight: input.candidate.weight },
    }),
  ],
};
