/** Whether data may be read from somewhere outside of the repository. */
export type RemoteLocation = { readonly kind: "allowed"; readonly uri: string } | { readonly kind: "refused"; readonly reason: string };

/** Who wrote a location: the default branch, or a head, which only proposes and may not choose where Slipway looks (invariant 4). */
export type WrittenBy = "default-branch" | "head";

const schemes = ["https:", "s3:", "gs:", "bigquery:"];

/**
 * A head's location counts only below a prefix that whoever runs Slipway allowed: reading is done with their credentials, inside of their
 * network, and what is read comes out in numbers.
 *
 * @param prefixes such as `s3://acme-models/` and `bigquery://acme.models.`
 */
export function remoteLocation(uri: string, by: WrittenBy, prefixes: readonly string[]): RemoteLocation {
  const refused = (reason: string): RemoteLocation => ({ kind: "refused", reason });
  const scheme = /^[a-z0-9]+:/.exec(uri)?.[0] ?? "";
  if (!schemes.includes(scheme)) return refused(`Slipway reads ${schemes.map((known) => `${known}//`).join(", ")} and paths`);
  if (!/^[\w:/.~!$&'()+,;=-]+$/.test(uri))
    return refused("a location is plain: no patterns, no encoded characters, no user, no query (a signed link holds a secret)");
  if (uri.split("/").some((part) => part === "." || part === "..")) return refused("a location has no . or .. in it");
  if (by === "default-branch" || prefixes.some((prefix) => isBelow(uri, prefix))) return { kind: "allowed", uri };
  return refused(
    "only the default branch's own location, or one below a prefix that was allowed with --remote-prefix (SLIPWAY_REMOTE_PREFIXES in a workflow), is read for a head. Keep evaluation.predictions as it is on the default branch, with {version} in it",
  );
}

/** A prefix ends where a name ends: `s3://acme` is not all buckets that begin like it. */
function isBelow(uri: string, prefix: string): boolean {
  return uri.startsWith(prefix) && /[/.]$/.test(prefix) && uri.length > prefix.length;
}

/** Whether a prefix names enough to allow what lies below it: a host, a bucket, or a data set. */
export function isRemotePrefix(prefix: string): boolean {
  return /^(?:https|s3|gs):\/\/[\w.:-]+\/(?:[\w.~-]+\/)*$|^bigquery:\/\/[a-z][a-z0-9-]+\.(?:\w+\.)?$/.test(prefix);
}
