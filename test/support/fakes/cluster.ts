import type { ClusterTrial } from "#domain/manifest/cluster-trial.ts";
import type { EnvironmentName, ModelName } from "#domain/model/names.ts";
import type { Exposure } from "#domain/rollout/exposure.ts";
import type { Cluster } from "#ports/cluster.ts";

export interface FakeCluster extends Cluster {
  /** Every manifest that it was asked about. */
  readonly shown: readonly string[];
  /** What it says of manifests from now on. */
  answer(trial: ClusterTrial): void;
  show(model: ModelName, environment: EnvironmentName, exposure: Exposure): void;
}

/** Shows what it was told last; of what it was never told it says `unknown`. */
export function fakeCluster(): FakeCluster {
  const shown = new Map<string, Exposure>();
  const key = (model: ModelName, environment: EnvironmentName) => `${environment}/${model}`;
  const tried: string[] = [];
  let trial: ClusterTrial = { kind: "taken" };
  return {
    shown: tried,
    tryOut: async (manifests) => {
      tried.push(...manifests);
      return trial;
    },
    answer: (next) => {
      trial = next;
    },
    observe: async (model, environment, namespace) =>
      shown.get(key(model, environment)) ?? { kind: "unknown", reason: `the namespace ${namespace} has no HTTPRoute ${model}` },
    show: (model, environment, exposure) => {
      shown.set(key(model, environment), exposure);
    },
  };
}
