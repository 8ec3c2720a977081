import { versionFile } from "./manifest-names.ts";
import type { ManifestInput, ManifestView } from "./target.ts";

export interface KustomizationView {
  readonly environment: string;
  readonly model: string;
  readonly release: string | null;
  readonly resources: readonly { readonly file: string }[];
}

/**
 * A Kustomize component over the model's files, for an overlay that patches them. It lists what the folder holds, so it changes when a
 * version comes or goes; the stable version's own files are named after the candidate's.
 */
export function kustomizationOf({ environment, model, release, stable }: ManifestInput, views: readonly ManifestView[]): ManifestView {
  const files = views.map(({ file }) => file);
  const ofStable = views.flatMap(({ file, scope }) => {
    const kind = /^(.+)-[0-9a-f]{8}\.yaml$/.exec(file)?.[1];
    return stable === null || scope !== "version" || kind === undefined ? [] : [versionFile(kind, stable.digest)];
  });
  const resources = [...files, ...ofStable].toSorted().map((file) => ({ file }));
  const view: KustomizationView = { environment, model, release, resources };
  return { file: "kustomization.yaml", template: "kustomization.yaml", view, scope: "traffic" };
}
