import type { Rollout } from "#domain/rollout/plan.ts";
import type { TargetName } from "#domain/rollout/target-name.ts";
import { routeFile } from "./manifest-names.ts";
import { targets } from "./targets.ts";

const valuesFile = "values.yaml";

const files: Readonly<Record<TargetName, string>> = {
  "gateway-api": routeFile,
  "inference-pool": routeFile,
  "argo-rollouts": routeFile,
  kserve: "inference-service.yaml",
  "kserve-percent": "inference-service.yaml",
  "argo-rollouts-delegated": "rollout.yaml",
  flagger: "flagger-canary.yaml",
  seldon: "seldon-experiment.yaml",
  deployment: "service.yaml",
};

/** The file in a model's folder by which traffic moves. */
export function trafficFile({ target, output }: Pick<Rollout, "target" | "output">): string {
  return output === "helm" ? valuesFile : files[target];
}

/** Every name that such a file has. */
export const trafficFiles: readonly string[] = [...new Set([valuesFile, ...Object.values(files)])];

/** The stable version is written anew at each step, so what it is made of must be known. */
export function writesStable({ target, output }: Pick<Rollout, "target" | "output">): boolean {
  return output === "helm" || targets[target].writesStable;
}
