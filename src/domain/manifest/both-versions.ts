import type { Made } from "#domain/model/made.ts";
import type { VersionRef } from "#domain/model/names.ts";
import type { ManifestInput } from "./target.ts";

/** The stable version for targets that write it anew. What it is made of was read before the release started, or the release did not start. */
export function madeStable({ stable }: ManifestInput): (VersionRef & Made & { readonly weight: number }) | null {
  if (stable === null) return null;
  if (stable.made === undefined) throw new UnknownStable(`nothing says what ${stable.version} (${stable.digest}) is made of`);
  return { ...stable, ...stable.made };
}

class UnknownStable extends Error {
  override readonly name = "UnknownStable";
}
