import type { CommitRecord } from "#domain/environment/snapshot.ts";
import { parseTrailers } from "#domain/environment/trailers.ts";

/** Who Slipway is as an author of commits. */
export interface SlipwayIdentity {
  readonly name: string;
  readonly email: string;
}

/**
 * Who, other than Slipway, wrote the newest commit that touched a model's owned files or state; undefined when that was Slipway itself,
 * by author and trailers (invariant 10).
 */
export function editedBySomeoneElse(newest: Omit<CommitRecord, "at"> | undefined, slipway: SlipwayIdentity): string | undefined {
  if (newest === undefined) return undefined;
  const trailers = parseTrailers(newest.message);
  const ours = newest.authorEmail === slipway.email && (trailers["Slipway-Release"] ?? trailers["Slipway-Command"]) !== undefined;
  return ours ? undefined : `${newest.authorName} in ${newest.sha.slice(0, 12)}`;
}
