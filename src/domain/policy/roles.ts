import { type PermissionLevel, type Policy, permissionLevels, type Role, type RoleName } from "#domain/policy/policy.ts";

/** What GitHub says a person is: the permission on the model repository, and of the teams asked for, those the person is in. */
export interface Standing {
  readonly permission: PermissionLevel | "none";
  readonly teams: readonly string[];
}

/** Who may deploy where the policy does not say: those who look after the repository. */
const defaultDeployer: Role = { users: [], teams: [], permissions: ["maintain"] };

/** Whether a person has a role. A permission stands for itself and every higher one; a role that policy leaves out is nobody's, but deployer's. */
export function hasRole(role: RoleName, login: string, standing: Standing, policy: Policy): boolean {
  const { users, teams, permissions } = roleIn(policy, role);
  return (
    users.some((user) => sameLogin(user, login)) ||
    teams.some((team) => standing.teams.some((member) => member.toLowerCase() === team.toLowerCase())) ||
    permissions.some((permission) => reaches(standing.permission, permission))
  );
}

/** Who has a role, as people say it; null when nobody does. */
export function whoHas(role: RoleName, policy: Policy): string | null {
  const { users, teams, permissions } = roleIn(policy, role);
  const lowest = permissionLevels.find((level) => permissions.includes(level));
  const groups = [
    ...users,
    ...teams.map((team) => `members of the team ${team}`),
    ...(lowest === undefined
      ? []
      : [lowest === "admin" ? "people with the permission admin" : `people with the permission ${lowest} or higher`]),
  ];
  const last = groups.at(-1);
  if (last === undefined) return null;
  return groups.length === 1 ? last : `${groups.slice(0, -1).join(", ")} and ${last}`;
}

/** Every team that the policy names: the ones to ask GitHub about. */
export function teamsIn(policy: Policy): readonly string[] {
  return [...new Set(Object.values(policy.roles).flatMap((role) => role?.teams ?? []))];
}

/** GitHub's logins do not tell upper from lower case. */
export function sameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function roleIn(policy: Policy, role: RoleName): Role {
  return policy.roles[role] ?? (role === "deployer" ? defaultDeployer : { users: [], teams: [], permissions: [] });
}

function reaches(permission: Standing["permission"], needed: PermissionLevel): boolean {
  return permission !== "none" && permissionLevels.indexOf(permission) >= permissionLevels.indexOf(needed);
}
