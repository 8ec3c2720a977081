import { z } from "zod";
import { type PermissionLevel, permissionLevels } from "#domain/policy/policy.ts";
import type { People } from "#ports/people.ts";
import type { GitHubAccess, GitHubClient, Permissions } from "./github-client.ts";

const repositoryPermissions = { metadata: "read" } as const satisfies Permissions;
const organisationPermissions = { members: "read" } as const satisfies Permissions;

const levelSchema = z.enum(permissionLevels);
/** `permission` knows no triage and no maintain; `role_name` does, and may also be a custom role, which `permission` then places. */
const collaboratorSchema = z.object({ permission: z.string(), role_name: z.string().optional() });
const membershipSchema = z.object({ state: z.string() });

/**
 * Whatever cannot be found out throws: a right is never assumed.
 * @param repository the model repository, owner/name; its owner is the organisation of the teams
 */
export function people(github: GitHubAccess, repository: string): People {
  const [organisation = repository] = repository.split("/");
  return {
    async standing(login, teams) {
      const permission = await permissionOf(await github.client(repository, repositoryPermissions), login);
      if (teams.length === 0) return { permission, teams: [] };
      const client = await github.client(repository, organisationPermissions);
      const active: string[] = [];
      for (const team of teams) {
        const membership = await client.find(
          "GET /orgs/{org}/teams/{team_slug}/memberships/{username}",
          { org: organisation, team_slug: team, username: login },
          membershipSchema,
        );
        if (membership?.state === "active") active.push(team);
      }
      return { permission, teams: active };
    },
  };
}

async function permissionOf(client: GitHubClient, login: string): Promise<PermissionLevel | "none"> {
  const found = await client.find("GET /repos/{owner}/{repo}/collaborators/{username}/permission", { username: login }, collaboratorSchema);
  const role = levelSchema.safeParse(found?.role_name);
  const permission = levelSchema.safeParse(found?.permission);
  return role.data ?? permission.data ?? "none";
}
