/** What one check of `slipway doctor` found: what was looked at, and, of a problem, what to do about it. */
export type Finding =
  | { readonly check: CheckName; readonly kind: "ok"; readonly message: string }
  | { readonly check: CheckName; readonly kind: "problem"; readonly message: string; readonly next: string };

export const checkNames = [
  "settings",
  "trust root",
  "github",
  "clock",
  "permissions",
  "events",
  "webhooks",
  "oidc issuer",
  "repositories",
  "environments",
  "policy",
  "releases",
  "locks",
  "evidence log",
  "cluster",
  "metrics",
] as const;
export type CheckName = (typeof checkNames)[number];

export function ok(check: CheckName, message: string): Finding {
  return { check, kind: "ok", message };
}

export function problem(check: CheckName, message: string, next: string): Finding {
  return { check, kind: "problem", message, next };
}
