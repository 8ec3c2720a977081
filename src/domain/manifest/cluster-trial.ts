/** What a cluster said of manifests that it was shown and did not have to keep. */
export type ClusterTrial =
  | { readonly kind: "taken" }
  /** In the cluster's own words, an object each: a schema, an admission policy, a quota. */
  | { readonly kind: "refused"; readonly reasons: readonly string[] }
  /** It could not be asked, so nobody knows. */
  | { readonly kind: "unknown"; readonly reason: string };
