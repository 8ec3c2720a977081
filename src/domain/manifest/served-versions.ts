import type { VersionRef } from "#domain/model/names.ts";
import type { ManifestInput } from "./target.ts";

/** The versions with their weights, the stable one first. */
export function servedVersions({ stable, candidate }: ManifestInput): readonly (VersionRef & { readonly weight: number })[] {
  return stable === null ? [candidate] : [stable, candidate];
}
