import type { EnvironmentName, ModelName } from "#domain/model/names.ts";
import type { Exposure } from "#domain/rollout/exposure.ts";

/** What the cluster serves, as its API tells it. */
export interface Cluster {
  observe(model: ModelName, environment: EnvironmentName, namespace: string): Promise<Exposure>;
}
