import { describe, expect, it } from "vitest";
import { type PermissionLevel, permissionLevels, type RoleName } from "#domain/policy/policy.ts";
import { hasRole, type Standing, teamsIn, whoHas } from "#domain/policy/roles.ts";
import { policy } from "./policy-builder.ts";

const nobody: Standing = { permission: "none", teams: [] };
const withPermission = (permission: PermissionLevel | "none"): Standing => ({ permission, teams: [] });
const named = policy({
  roles: { deployer: { users: ["Dana"], teams: ["ranking"], permissions: ["write"] }, holder: { teams: ["on-call"] } },
});

describe("a role", () => {
  it.each([
    ["a named person", "deployer", "Dana", nobody, true],
    ["a named person in other letters", "deployer", "dANA", nobody, true],
    ["a person whose name only begins alike", "deployer", "Dana2", nobody, false],
    ["a member of a named team", "deployer", "eve", { permission: "none", teams: ["sales", "Ranking"] }, true],
    ["a member of another team", "deployer", "eve", { permission: "none", teams: ["on-call"] }, false],
    ["a permission below the named one", "deployer", "eve", withPermission("triage"), false],
    ["the named permission", "deployer", "eve", withPermission("write"), true],
    ["a permission above the named one", "deployer", "eve", withPermission("admin"), true],
    ["no permission", "deployer", "eve", withPermission("none"), false],
    ["a member of the holders' team", "holder", "eve", { permission: "none", teams: ["on-call"] }, true],
    ["an administrator, where the role names only a team", "holder", "eve", withPermission("admin"), false],
    ["an administrator, where the policy leaves the role out", "approver", "eve", withPermission("admin"), false],
  ] as const)("of %s: %s", (_, role, login, standing, expected) => {
    expect(hasRole(role, login, standing, named)).toBe(expected);
  });

  it.each([...permissionLevels, "none"] as const)(
    "that deploys is for those who maintain, where the policy leaves it out: %s",
    (permission) => {
      const expected = permission === "maintain" || permission === "admin";
      expect(hasRole("deployer", "eve", withPermission(permission), policy())).toBe(expected);
    },
  );

  it("that is spelled out is never the default as well", () => {
    expect(hasRole("deployer", "eve", withPermission("admin"), policy({ roles: { deployer: { users: ["dana"] } } }))).toBe(false);
  });

  it.each([
    [named, "deployer", "Dana, members of the team ranking and people with the permission write or higher"],
    [named, "holder", "members of the team on-call"],
    [named, "approver", null],
    [policy(), "deployer", "people with the permission maintain or higher"],
    [policy({ roles: { approver: { permissions: ["admin"] } } }), "approver", "people with the permission admin"],
    [policy({ roles: { approver: { permissions: ["admin", "maintain"] } } }), "approver", "people with the permission maintain or higher"],
  ] as const)("is told as people say it (%#)", (given, role: RoleName, expected) => {
    expect(whoHas(role, given)).toBe(expected);
  });

  it("asks GitHub about every team that the policy names, once", () => {
    const twice = policy({ roles: { deployer: { teams: ["a", "b"] }, holder: { teams: ["b", "c"] } } });
    expect(teamsIn(twice)).toEqual(["a", "b", "c"]);
    expect(teamsIn(policy())).toEqual([]);
  });
});
