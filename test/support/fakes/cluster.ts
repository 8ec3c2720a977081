import type { EnvironmentName, ModelName } from "#domain/model/names.ts";
import type { Exposure } from "#domain/rollout/exposure.ts";
import type { Cluster } from "#ports/cluster.ts";

export interface FakeCluster extends Cluster {
  show(model: ModelName, environment: EnvironmentName, exposure: Exposure): void;
}

/** Shows what it was told last; of what it was never told it says `unknown`. */
export function fakeCluster(): FakeCluster {
  const shown = new Map<string, Exposure>();
  const key = (model: ModelName, environment: EnvironmentName) => `${environment}/${model}`;
  return {
    observe: async (model, environment, namespace) =>
      shown.get(key(model, environment)) ?? { kind: "unknown", reason: `the namespace ${namespace} has no HTTPRoute ${model}` },
    show: (model, environment, exposure) => {
      shown.set(key(model, environment), exposure);
    },
  };
}
