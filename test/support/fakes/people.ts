import type { PermissionLevel } from "#domain/policy/policy.ts";
import type { People } from "#ports/people.ts";

export interface FakePeople extends People {
  /** Gives a person a permission on the model repository; who was never named has none. */
  permit(login: string, permission: PermissionLevel | "none"): void;
  /** Makes a person an active member of a team. */
  join(login: string, team: string): void;
  /** From now on nothing can be found out, until it is given undefined. */
  fail(error: Error | undefined): void;
}

export function fakePeople(): FakePeople {
  const permissions = new Map<string, PermissionLevel | "none">();
  const members = new Map<string, Set<string>>();
  let failure: Error | undefined;
  return {
    async standing(login, teams) {
      if (failure !== undefined) throw failure;
      const key = login.toLowerCase();
      return { permission: permissions.get(key) ?? "none", teams: teams.filter((team) => members.get(team)?.has(key) ?? false) };
    },
    permit: (login, permission) => void permissions.set(login.toLowerCase(), permission),
    join(login, team) {
      members.set(team, (members.get(team) ?? new Set()).add(login.toLowerCase()));
    },
    fail(error) {
      failure = error;
    },
  };
}
