import { routeOf } from "#domain/manifest/http-route.ts";
import { deploymentFile } from "#domain/manifest/manifest-names.ts";
import type { Target } from "#domain/manifest/target.ts";
import { workloadOf } from "#domain/manifest/workload.ts";

/** A Deployment and a Service for each version, and an HTTPRoute that names both with their weights. */
export const gatewayApi: Target = {
  mover: "slipway",
  coldApplyHazard: null,
  needs: ["image"],
  can: { shadow: true, sticky: true, autoscalers: ["hpa", "keda"] },
  replicaRatio: false,
  writesStable: false,
  views: (input) => [
    {
      file: deploymentFile(input.candidate.digest),
      template: "deployment.yaml",
      view: workloadOf(input, input.candidate),
      scope: "version",
    },
    routeOf(input),
  ],
};
