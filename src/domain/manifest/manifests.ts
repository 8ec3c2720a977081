import type { EnvironmentName, ModelName, ReleaseId, VersionRef } from "#domain/model/names.ts";
import type { Serving } from "#domain/rollout/plan.ts";
import { deploymentFile, digestLabel, routeFile, versionName } from "./manifest-names.ts";
import { weightProblem } from "./weight-problem.ts";

export interface ManifestInput {
  readonly environment: EnvironmentName;
  readonly namespace: string;
  readonly model: ModelName;
  readonly serving: Serving;
  /** The release that sets the weights; null for a version that was there before Slipway. */
  readonly release: ReleaseId | null;
  /** `artifact`: where it lies. `weight`: per cent of the traffic. */
  readonly candidate: VersionRef & { readonly artifact: string; readonly weight: number };
  /** The version that has the rest of the traffic; null when the candidate has it all. Its own manifests are in Git already. */
  readonly stable: (VersionRef & { readonly weight: number }) | null;
}

export interface DeploymentView {
  readonly name: string;
  readonly namespace: string;
  readonly environment: string;
  readonly model: string;
  readonly version: string;
  readonly digest: string;
  readonly digestLabel: string;
  readonly artifact: string;
  readonly image: string;
  readonly replicas: number;
  readonly port: number;
  /** The same, as the environment variables of a container hold it. */
  readonly portText: string;
}

export interface RouteView {
  readonly namespace: string;
  readonly environment: string;
  readonly model: string;
  readonly gateway: string;
  readonly release: string | null;
  readonly backends: readonly { readonly name: string; readonly weight: number }[];
}

/** One owned file of the model's folder, before it is rendered. */
export type ManifestView =
  | { readonly kind: "deployment"; readonly file: string; readonly template: "deployment.yaml"; readonly view: DeploymentView }
  | { readonly kind: "route"; readonly file: string; readonly template: "http-route.yaml"; readonly view: RouteView };

/** The candidate's manifests, and the route that splits the traffic. */
export function manifestViews(input: ManifestInput): readonly ManifestView[] {
  const served = input.stable === null ? [input.candidate] : [input.stable, input.candidate];
  const problem = weightProblem(served);
  if (problem !== undefined) throw new UnsafeWeights(problem);
  return [deploymentOf(input), routeOf(input, served)];
}

function deploymentOf({ environment, namespace, model, serving, candidate }: ManifestInput): ManifestView {
  const view: DeploymentView = {
    name: versionName(model, candidate.digest),
    namespace,
    environment,
    model,
    version: candidate.version,
    digest: candidate.digest,
    digestLabel: digestLabel(candidate.digest),
    artifact: candidate.artifact,
    image: serving.image,
    replicas: serving.replicas,
    port: serving.port,
    portText: String(serving.port),
  };
  return { kind: "deployment", file: deploymentFile(candidate.digest), template: "deployment.yaml", view };
}

function routeOf(
  { environment, namespace, model, serving, release }: ManifestInput,
  served: readonly (VersionRef & { readonly weight: number })[],
): ManifestView {
  const backends = served.map(({ digest, weight }) => ({ name: versionName(model, digest), weight }));
  const view: RouteView = { namespace, environment, model, gateway: serving.gateway, release, backends };
  return { kind: "route", file: routeFile, template: "http-route.yaml", view };
}

/** Asked for weights that would not be safe to apply; a fault of the caller, which must not reach Git. */
export class UnsafeWeights extends Error {
  override readonly name = "UnsafeWeights";
}
