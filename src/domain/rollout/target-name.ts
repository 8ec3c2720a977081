import { z } from "zod";

/** What serves a model and splits its traffic; `src/domain/manifest/targets.ts` says of each what it can do. */
export const targetNames = [
  "gateway-api",
  "inference-pool",
  "kserve",
  "kserve-percent",
  "argo-rollouts",
  "argo-rollouts-delegated",
  "flagger",
  "seldon",
  "deployment",
] as const;

export const targetNameSchema = z.enum(targetNames);
export type TargetName = z.infer<typeof targetNameSchema>;

/** `helm` writes one values file for a shop's own chart; `kustomize` adds a component to the manifests. */
export const outputNames = ["manifests", "kustomize", "helm"] as const;
