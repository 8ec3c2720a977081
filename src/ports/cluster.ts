import type { ClusterTrial } from "#domain/manifest/cluster-trial.ts";
import type { EnvironmentName, ModelName } from "#domain/model/names.ts";
import type { Exposure } from "#domain/rollout/exposure.ts";
import type { TargetName } from "#domain/rollout/target-name.ts";

/** What the cluster serves, as its API tells it. */
export interface Cluster {
  /** `target`: which kind of objects says it. */
  observe(model: ModelName, environment: EnvironmentName, namespace: string, target: TargetName): Promise<Exposure>;
  /** Shows it manifests, YAML texts, and takes back nothing but its word. */
  tryOut(manifests: readonly string[]): Promise<ClusterTrial>;
}
