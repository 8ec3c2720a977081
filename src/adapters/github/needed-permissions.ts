import type { Permissions } from "./github-client.ts";

/** The permissions that a call takes, as its refusal and a check name them: `checks: write on acme/models`. */
export function neededPermissions(repository: string, permissions: Permissions): string {
  const needed = Object.entries(permissions).map(([name, level]) => `${name}: ${level}`);
  return `${needed.join(", ")} on ${repository}`;
}

export function whoGrants(needs: string): string {
  return `The App needs ${needs}; an owner of the repository grants it in the App's installation settings.`;
}
