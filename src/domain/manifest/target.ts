import type { Made } from "#domain/model/made.ts";
import type { EnvironmentName, ModelName, ReleaseId, VersionRef } from "#domain/model/names.ts";
import type { Rollout } from "#domain/rollout/plan.ts";
import type { Serving } from "#domain/rollout/serving.ts";

export interface ManifestInput {
  readonly environment: EnvironmentName;
  readonly namespace: string;
  readonly model: ModelName;
  readonly rollout: Pick<Rollout, "target" | "output" | "serving" | "steps">;
  /** The release that sets the weights; null for a version that was there before Slipway. */
  readonly release: ReleaseId | null;
  /** `artifact`: where it lies. `weight`: per cent of the traffic. `mirror`: per cent of the requests of which it gets a copy. */
  readonly candidate: VersionRef & { readonly artifact: string; readonly weight: number; readonly mirror?: number | null };
  /** The version that has the rest of the traffic; null when the candidate has it all. `made` for targets that write both versions anew. */
  readonly stable: (VersionRef & { readonly weight: number; readonly made?: Made | undefined }) | null;
}

/** One owned file of the model's folder, before it is rendered. */
export interface ManifestView {
  readonly file: string;
  readonly template: ManifestTemplate;
  readonly view: object;
  /** `version`: written when the candidate comes, gone with it. `traffic`: written anew at each step. */
  readonly scope: "version" | "traffic";
}

export const manifestTemplates = [
  "deployment.yaml",
  "http-route.yaml",
  "inference-pool.yaml",
  "inference-service.yaml",
  "rollout.yaml",
  "rollout-delegated.yaml",
  "flagger-canary.yaml",
  "seldon-model.yaml",
  "seldon-experiment.yaml",
  "service.yaml",
  "kustomization.yaml",
  "values.yaml",
] as const;
export type ManifestTemplate = (typeof manifestTemplates)[number];

/** One way to serve a model and to split its traffic. */
export interface Target {
  /** Who moves the traffic: each step is a commit, or a controller walks the steps and Slipway watches, and reverts. */
  readonly mover: "slipway" | "controller";
  /** What goes wrong where the manifests of a canary are applied to an empty cluster; null when the candidate gets its weight at most. */
  readonly coldApplyHazard: string | null;
  readonly needs: readonly (keyof Serving)[];
  /** What of `rollout` it can do. */
  readonly can: {
    readonly shadow: boolean;
    readonly sticky: boolean;
    readonly autoscalers: readonly ("hpa" | "keda")[];
  };
  /** The weights are shares of replicas, so they must be whole replicas. */
  readonly replicaRatio: boolean;
  /** Objects hold both versions, so the stable one is written too. */
  readonly writesStable: boolean;
  views(input: ManifestInput): readonly ManifestView[];
}
