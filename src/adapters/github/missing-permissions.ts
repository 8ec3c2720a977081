import type { GrantedPermissions } from "./github-app.ts";
import type { Permissions } from "./github-client.ts";

/** One sentence for each permission that is required and not granted. */
export function missingPermissions(required: Permissions, granted: GrantedPermissions): readonly string[] {
  return Object.entries(required).flatMap(([name, level]) => {
    if (!suffices(granted.app[name], level))
      return [`The App does not ask for ${name}: ${level}; its owner adds it in the App's settings.`];
    return granted.accounts
      .filter(({ permissions }) => !suffices(permissions[name], level))
      .map(
        ({ account }) =>
          `${account} has not granted ${name}: ${level}; an owner accepts the App's new permissions in the installation's settings.`,
      );
  });
}

function suffices(held: string | undefined, needed: "read" | "write"): boolean {
  return held === "write" || held === "admin" || held === needed;
}
