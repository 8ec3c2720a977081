import { madeStable } from "./both-versions.ts";
import { mirrorOf } from "./http-route.ts";
import { pinnedImage } from "./image-reference.ts";
import { digestLabel, versionName } from "./manifest-names.ts";
import type { ManifestInput, ManifestView } from "./target.ts";

export interface HelmValuesView {
  readonly namespace: string;
  readonly environment: string;
  readonly model: string;
  readonly release: string | null;
  readonly versions: readonly {
    readonly name: string;
    readonly version: string;
    readonly digest: string;
    readonly digestLabel: string;
    readonly artifact: string;
    readonly image: string | null;
    readonly weight: number;
    readonly mirror: { readonly percent: number } | null;
  }[];
}

/** The values of a shop's own chart: both versions with all that tells them apart, in one file. */
export function helmValues(input: ManifestInput): ManifestView {
  const { namespace, environment, model, release, candidate, rollout } = input;
  const stable = madeStable(input);
  const versions = (stable === null ? [candidate] : [stable, candidate]).map((each) => {
    const image = ("image" in each ? each.image : undefined) ?? rollout.serving.image;
    const name = versionName(model, each.digest);
    return {
      name,
      version: each.version,
      digest: each.digest,
      digestLabel: digestLabel(each.digest),
      artifact: each.artifact,
      image: image === undefined ? null : (pinnedImage(image) ?? null),
      weight: each.weight,
      mirror: each === candidate ? mirrorOf(candidate, name) : null,
    };
  });
  const view: HelmValuesView = { namespace, environment, model, release, versions };
  return { file: "values.yaml", template: "values.yaml", view, scope: "traffic" };
}
