/** Who works with a cloud's services, and who pays for it. */
export interface CloudCredentials {
  /** A bearer token that holds for some minutes; `reason` says why there is none, and what to do. */
  token(): Promise<{ readonly kind: "token"; readonly token: string } | { readonly kind: "none"; readonly reason: string }>;
  /** null: they name none. */
  project(): Promise<string | null>;
}
