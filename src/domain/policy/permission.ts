import type { EnvironmentName } from "#domain/model/names.ts";
import type { Policy, RoleName } from "#domain/policy/policy.ts";
import { hasRole, type Owners, type Standing, whoHas } from "#domain/policy/roles.ts";

/** A command that somebody wants to use. */
export interface CommandUse {
  readonly command: string;
  /** null for a command that is about no environment. */
  readonly environment: EnvironmentName | null;
  /** The role that the command asks for where the policy says nothing of it; null: everyone who may comment. */
  readonly role: RoleName | null;
}

export interface Person {
  readonly login: string;
  readonly standing: Standing;
  readonly owners: Owners;
}

export type Permission =
  | { readonly kind: "allowed"; readonly as: RoleName | "everyone" }
  /** `who`: the people who may, as a sentence says it; null when nobody may. */
  | { readonly kind: "refused"; readonly roles: readonly RoleName[]; readonly who: string | null };

/** Whether a person may use a command in an environment, by the policy's matrix, and by the command's own role where that is silent. */
export function mayUse(policy: Policy, use: CommandUse, { login, standing, owners }: Person): Permission {
  const roles = rolesFor(policy, use);
  if (roles === "everyone") return { kind: "allowed", as: "everyone" };
  const has = roles.find((role) => hasRole(role, login, standing, policy, owners));
  if (has !== undefined) return { kind: "allowed", as: has };
  return { kind: "refused", roles, who: whoHaveOne(policy, roles) };
}

/** The roles that may use a command there; one is enough, none is nobody. */
function rolesFor(policy: Policy, { command, environment, role }: CommandUse): readonly RoleName[] | "everyone" {
  const rules = Object.hasOwn(policy.commands, command) ? policy.commands[command] : undefined;
  const own = environment !== null && rules !== undefined && Object.hasOwn(rules, environment) ? rules[environment] : undefined;
  const written = own ?? rules?.["*"];
  if (written === "nobody") return [];
  if (written !== undefined) return written;
  return role === null ? "everyone" : [role];
}

/** Who may use a command there, as people say it; null when nobody may. */
export function whoMay(policy: Policy, use: CommandUse): string | null {
  const roles = rolesFor(policy, use);
  return roles === "everyone" ? "everyone" : whoHaveOne(policy, roles);
}

function whoHaveOne(policy: Policy, roles: readonly RoleName[]): string | null {
  const groups = roles.flatMap((role) => whoHas(role, policy) ?? []);
  return groups.length === 0 ? null : [...new Set(groups)].join(", or ");
}
