import { routeOf } from "#domain/manifest/http-route.ts";
import { versionFile } from "#domain/manifest/manifest-names.ts";
import type { Target } from "#domain/manifest/target.ts";
import { workloadOf } from "#domain/manifest/workload.ts";

/** A Rollout without steps in the place of each version's Deployment; the weights are the HTTPRoute's, and Slipway's alone. */
export const argoRollouts: Target = {
  mover: "slipway",
  coldApplyHazard: null,
  needs: ["image"],
  can: { shadow: true, sticky: true, autoscalers: ["hpa", "keda"] },
  replicaRatio: false,
  writesStable: false,
  views: (input) => [
    {
      file: versionFile("rollout", input.candidate.digest),
      template: "rollout.yaml",
      view: workloadOf(input, input.candidate),
      scope: "version",
    },
    routeOf(input),
  ],
};
