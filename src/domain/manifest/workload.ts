import type { Made } from "#domain/model/made.ts";
import type { VersionRef } from "#domain/model/names.ts";
import type { Autoscaler, Serving } from "#domain/rollout/serving.ts";
import { pinnedImage } from "./image-reference.ts";
import { digestLabel, versionName } from "./manifest-names.ts";
import type { ManifestInput } from "./target.ts";

/** The pods that serve one version, and what scales them. */
export interface WorkloadView {
  readonly name: string;
  readonly namespace: string;
  readonly environment: string;
  readonly model: string;
  readonly version: string;
  readonly digest: string;
  readonly digestLabel: string;
  readonly artifact: string;
  readonly image: string;
  readonly port: number;
  /** The same, as the environment variables of a container hold it. */
  readonly portText: string;
  /** Null where an autoscaler decides. */
  readonly fixed: { readonly replicas: number } | null;
  readonly hpa: { readonly min: number; readonly max: number; readonly cpu: number } | null;
  readonly keda: {
    readonly min: number;
    readonly max: number;
    readonly server: string;
    readonly query: string;
    readonly threshold: string;
  } | null;
}

/** The workload of a version under a name; `replicas` where its share of them is its weight. */
export function workloadOf(
  { environment, namespace, model, rollout: { serving } }: ManifestInput,
  version: VersionRef & Made,
  { name = versionName(model, version.digest), replicas = serving.replicas }: { name?: string; replicas?: number } = {},
): WorkloadView {
  return {
    name,
    namespace,
    environment,
    model,
    version: version.version,
    digest: version.digest,
    digestLabel: digestLabel(version.digest),
    artifact: version.artifact,
    image: exactImage(version.image ?? serving.image),
    port: serving.port,
    portText: String(serving.port),
    ...scaleOf(serving, replicas),
  };
}

function scaleOf(serving: Serving, replicas: number): Pick<WorkloadView, "fixed" | "hpa" | "keda"> {
  const { autoscaler } = serving;
  return {
    fixed: autoscaler === undefined ? { replicas } : null,
    hpa: autoscaler?.kind === "hpa" ? { min: autoscaler.min, max: autoscaler.max, cpu: autoscaler.cpu } : null,
    keda: autoscaler?.kind === "keda" ? kedaOf(autoscaler) : null,
  };
}

function kedaOf({ min, max, server, query, threshold }: Extract<Autoscaler, { kind: "keda" }>): NonNullable<WorkloadView["keda"]> {
  return { min, max, server, query, threshold: String(threshold) };
}

/** The caller has refused a rollout without an exact image; one that comes here all the same must not reach Git. */
function exactImage(image: string | undefined): string {
  const exact = image === undefined ? undefined : pinnedImage(image);
  if (exact === undefined) throw new InexactImage(`${image ?? "no image"} is no image with a digest`);
  return exact;
}

class InexactImage extends Error {
  override readonly name = "InexactImage";
}
