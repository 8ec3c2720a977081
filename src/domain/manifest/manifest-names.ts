import { type Digest, hexOf, type ModelName } from "#domain/model/names.ts";

/** Name of a version's objects, its Deployment and Service: `<model>-<digest8>`. */
export function versionName(model: ModelName, digest: Digest): string {
  return `${model}-${digest8(digest)}`;
}

/** The label by which a version's pods are selected: labels hold at most 63 characters, a digest has 64. */
export function digestLabel(digest: Digest): string {
  return hexOf(digest).slice(0, 16);
}

/** A version's manifest file in the model's folder, named after the kind of its workload. */
export function versionFile(kind: string, digest: Digest): string {
  return `${kind}${versionEnd(digest)}`;
}

export function deploymentFile(digest: Digest): string {
  return versionFile("deployment", digest);
}

/** What the name of every file ends in that belongs to one version alone. */
export function versionEnd(digest: Digest): string {
  return `-${digest8(digest)}.yaml`;
}

/** The model's route in its folder: the one file that holds weights. */
export const routeFile = "http-route.yaml";

/** A version within one object that holds several, such as a predictor of KServe. */
export function versionMember(digest: Digest): string {
  return `v-${digest8(digest)}`;
}

function digest8(digest: Digest): string {
  return hexOf(digest).slice(0, 8);
}
