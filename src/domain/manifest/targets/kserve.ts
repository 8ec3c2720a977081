import { madeStable } from "#domain/manifest/both-versions.ts";
import { inferenceServiceOf, predictorOf } from "#domain/manifest/inference-service.ts";
import type { Target } from "#domain/manifest/target.ts";

/** KServe 0.20 or newer in Standard mode: the stable predictor and `spec.canary[]` stand side by side in one InferenceService. */
export const kserve: Target = {
  mover: "slipway",
  coldApplyHazard: null,
  needs: ["modelFormat"],
  can: { shadow: false, sticky: false, autoscalers: ["hpa"] },
  replicaRatio: false,
  writesStable: true,
  views(input) {
    const stable = madeStable(input);
    const candidate = predictorOf(input.candidate);
    const parts =
      stable === null
        ? { main: candidate, canary: null }
        : { main: predictorOf(stable), canary: { ...candidate, weight: input.candidate.weight } };
    return [inferenceServiceOf(input, { mode: "Standard", percent: null, ...parts })];
  },
};
