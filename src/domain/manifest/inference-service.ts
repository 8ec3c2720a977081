import type { Made } from "#domain/model/made.ts";
import type { VersionRef } from "#domain/model/names.ts";
import { digestLabel, versionMember } from "./manifest-names.ts";
import type { ManifestInput, ManifestView } from "./target.ts";

export interface PredictorView {
  /** Its name beside other predictors; null where KServe knows only one. */
  readonly member: string | null;
  readonly version: string;
  readonly digest: string;
  readonly digestLabel: string;
  readonly artifact: string;
}

export interface InferenceServiceView {
  readonly namespace: string;
  readonly environment: string;
  readonly model: string;
  readonly release: string | null;
  /** `Standard` (Deployments) or `Knative` (revisions). */
  readonly mode: string;
  readonly format: string;
  readonly replicas: { readonly min: number; readonly max: number };
  readonly main: PredictorView;
  /** `spec.canary[]`: a second predictor and its weight. */
  readonly canary: (PredictorView & { readonly weight: number }) | null;
  /** `canaryTrafficPercent` of the main predictor, whose name KServe gives. */
  readonly percent: { readonly weight: number } | null;
}

type Parts = Pick<InferenceServiceView, "mode" | "main" | "canary" | "percent">;

/** The one InferenceService of a model, in one file. */
export function inferenceServiceOf(
  { environment, namespace, model, release, rollout: { serving } }: ManifestInput,
  parts: Parts,
): ManifestView {
  const { autoscaler, replicas, modelFormat } = serving;
  if (modelFormat === undefined) throw new RangeError("KServe needs serving.modelFormat");
  const { min, max } = autoscaler ?? { min: replicas, max: replicas };
  const view: InferenceServiceView = { namespace, environment, model, release, format: modelFormat, replicas: { min, max }, ...parts };
  return { file: "inference-service.yaml", template: "inference-service.yaml", view, scope: "traffic" };
}

export function predictorOf({ version, digest, artifact }: VersionRef & Made): PredictorView {
  return { member: versionMember(digest), version, digest, digestLabel: digestLabel(digest), artifact };
}
