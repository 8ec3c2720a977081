import type { Backend, Exposure } from "#domain/rollout/exposure.ts";
import { digestAnnotation, digestOf, readyIn, unknown, type Workload } from "./workload.ts";

/** One Service stands over all pods, so a version's weight is its share of them; pods that are on their way out still serve. */
export function replicaExposure(workloads: readonly Workload[]): Exposure {
  const total = workloads.reduce((sum, { spec }) => sum + spec.replicas, 0);
  if (total === 0) return unknown("no Deployment has replicas");
  const backends: Backend[] = [];
  for (const workload of workloads) {
    const digest = digestOf(workload);
    if (digest === undefined)
      return unknown(`the Deployment ${workload.metadata.name} has no annotation ${digestAnnotation} with a digest`);
    const { replicas } = workload.spec;
    backends.push({ digest, weight: (100 * replicas) / total, ready: readyIn(workload), wanted: replicas });
  }
  const settled = workloads.every(
    ({ metadata, spec, status }) => status.observedGeneration >= metadata.generation && (status.replicas ?? 0) === spec.replicas,
  );
  return { kind: "seen", accepted: settled, backends };
}
