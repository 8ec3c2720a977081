import { type PermissionLevel, type Policy, permissionLevels, type Role, type RoleName } from "#domain/policy/policy.ts";

/** What GitHub says a person is: the permission on the model repository, and of the teams asked for, those the person is in. */
export interface Standing {
  readonly permission: PermissionLevel | "none";
  readonly teams: readonly string[];
}

/** Whose a model is: logins and teams (slugs), without `@` and organisation. */
export interface Owners {
  /** By `owners` of its definition on the default branch. */
  readonly model: OwnerList;
  /** By CODEOWNERS on the default branch. */
  readonly code: OwnerList;
}

export interface OwnerList {
  readonly users: readonly string[];
  readonly teams: readonly string[];
}

export const noOwners: Owners = { model: { users: [], teams: [] }, code: { users: [], teams: [] } };

const nobody: Role = { users: [], teams: [], permissions: [], owners: false, codeOwners: false };

/** Who may deploy where the policy does not say: those who look after the repository. */
const defaultDeployer: Role = { ...nobody, permissions: ["maintain"] };

/** Whether a person has a role. A permission stands for itself and every higher one; a role that policy leaves out is nobody's, but deployer's. */
export function hasRole(role: RoleName, login: string, standing: Standing, policy: Policy, owners: Owners = noOwners): boolean {
  const { users, teams, permissions, ...owned } = roleIn(policy, role);
  return (
    listed({ users, teams }, login, standing) ||
    permissions.some((permission) => reaches(standing.permission, permission)) ||
    (owned.owners && listed(owners.model, login, standing)) ||
    (owned.codeOwners && listed(owners.code, login, standing))
  );
}

/** Who has a role, as people say it; null when nobody does. */
export function whoHas(role: RoleName, policy: Policy): string | null {
  const { users, teams, permissions, owners, codeOwners } = roleIn(policy, role);
  const lowest = permissionLevels.find((level) => permissions.includes(level));
  const groups = [
    ...users,
    ...teams.map((team) => `members of the team ${team}`),
    ...(owners ? ["the owners of the model"] : []),
    ...(codeOwners ? ["its code owners"] : []),
    ...(lowest === undefined
      ? []
      : [lowest === "admin" ? "people with the permission admin" : `people with the permission ${lowest} or higher`]),
  ];
  const last = groups.at(-1);
  if (last === undefined) return null;
  return groups.length === 1 ? last : `${groups.slice(0, -1).join(", ")} and ${last}`;
}

/** Every team that the policy or a model's owners name: the ones to ask GitHub about. */
export function teamsIn(policy: Policy, owners: Owners = noOwners): readonly string[] {
  const named = Object.values(policy.roles).flatMap(({ teams }) => teams);
  return [...new Set([...named, ...owners.model.teams, ...owners.code.teams])];
}

/** GitHub's logins do not tell upper from lower case. */
export function sameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function listed({ users, teams }: OwnerList, login: string, standing: Standing): boolean {
  return users.some((user) => sameLogin(user, login)) || teams.some((team) => standing.teams.some((member) => sameLogin(member, team)));
}

function roleIn(policy: Policy, role: RoleName): Role {
  const own = Object.hasOwn(policy.roles, role) ? policy.roles[role] : undefined;
  return own ?? (role === "deployer" ? defaultDeployer : nobody);
}

function reaches(standing: Standing["permission"], needed: PermissionLevel): boolean {
  return standing !== "none" && permissionLevels.indexOf(standing) >= permissionLevels.indexOf(needed);
}
