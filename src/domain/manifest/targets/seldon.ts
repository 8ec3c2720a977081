import { mirrorOf, type RouteView } from "#domain/manifest/http-route.ts";
import { digestLabel, versionFile, versionName } from "#domain/manifest/manifest-names.ts";
import { servedVersions } from "#domain/manifest/served-versions.ts";
import type { ManifestInput, Target } from "#domain/manifest/target.ts";

export interface SeldonModelView {
  readonly name: string;
  readonly namespace: string;
  readonly environment: string;
  readonly model: string;
  readonly version: string;
  readonly digest: string;
  readonly digestLabel: string;
  readonly artifact: string;
  readonly format: string;
  readonly fixed: { readonly replicas: number } | null;
  readonly scaled: { readonly min: number; readonly max: number } | null;
}

export type ExperimentView = Pick<RouteView, "namespace" | "environment" | "model" | "release" | "backends" | "mirror">;

/** Seldon Core 2: a Model for each version and an Experiment with their weights; clients call `<model>.experiment`. */
export const seldon: Target = {
  mover: "slipway",
  coldApplyHazard: null,
  needs: ["modelFormat"],
  can: { shadow: true, sticky: false, autoscalers: ["hpa"] },
  replicaRatio: false,
  writesStable: false,
  views: (input) => [
    { file: versionFile("seldon-model", input.candidate.digest), template: "seldon-model.yaml", view: modelOf(input), scope: "version" },
    { file: "seldon-experiment.yaml", template: "seldon-experiment.yaml", view: experimentOf(input), scope: "traffic" },
  ],
};

function modelOf({ model, environment, namespace, candidate, rollout: { serving } }: ManifestInput): SeldonModelView {
  const { autoscaler, modelFormat, replicas } = serving;
  if (modelFormat === undefined) throw new RangeError("Seldon needs serving.modelFormat");
  return {
    name: versionName(model, candidate.digest),
    namespace,
    environment,
    model,
    version: candidate.version,
    digest: candidate.digest,
    digestLabel: digestLabel(candidate.digest),
    artifact: candidate.artifact,
    format: modelFormat,
    fixed: autoscaler === undefined ? { replicas } : null,
    scaled: autoscaler === undefined ? null : { min: autoscaler.min, max: autoscaler.max },
  };
}

function experimentOf(input: ManifestInput): ExperimentView {
  const { model, environment, namespace, release, candidate } = input;
  return {
    namespace,
    environment,
    model,
    release,
    backends: servedVersions(input).map(({ digest, weight }) => ({ name: versionName(model, digest), weight })),
    mirror: mirrorOf(candidate, versionName(model, candidate.digest)),
  };
}
