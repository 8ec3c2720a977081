import { routeFile, versionName } from "./manifest-names.ts";
import { servedVersions } from "./served-versions.ts";
import type { ManifestInput, ManifestView } from "./target.ts";

export interface RouteView {
  readonly namespace: string;
  readonly environment: string;
  readonly model: string;
  readonly gateway: string;
  readonly release: string | null;
  /** The backends are InferencePools; else Services. */
  readonly pools: boolean;
  readonly backends: readonly { readonly name: string; readonly weight: number }[];
  /** The backend that gets a copy of the requests. */
  readonly mirror: { readonly name: string; readonly percent: number } | null;
  readonly sticky: { readonly cookie: string } | null;
}

/** The HTTPRoute of the Gateway API that splits a model's traffic between its versions, each behind an object of its name. */
export function routeOf(input: ManifestInput, pools = false): ManifestView {
  const { environment, namespace, model, rollout, release, candidate } = input;
  const view: RouteView = {
    namespace,
    environment,
    model,
    gateway: rollout.serving.gateway,
    release,
    pools,
    backends: servedVersions(input).map(({ digest, weight }) => ({ name: versionName(model, digest), weight })),
    mirror: mirrorOf(candidate, versionName(model, candidate.digest)),
    sticky: rollout.serving.sticky ?? null,
  };
  return { file: routeFile, template: "http-route.yaml", view, scope: "traffic" };
}

export function mirrorOf({ mirror }: ManifestInput["candidate"], name: string): RouteView["mirror"] {
  return mirror === null || mirror === undefined ? null : { name, percent: mirror };
}
