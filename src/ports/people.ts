import type { PermissionLevel } from "#domain/policy/policy.ts";

/** What GitHub says a person is. */
export interface People {
  /** The permission on the model repository and, of the teams asked for, those the person is an active member of. */
  standing(login: string, teams: readonly string[]): Promise<Standing>;
}

export interface Standing {
  readonly permission: PermissionLevel | "none";
  readonly teams: readonly string[];
}
