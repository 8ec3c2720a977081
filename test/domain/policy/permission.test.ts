import { describe, expect, it } from "vitest";
import { environmentNameSchema } from "#domain/model/names.ts";
import { mayUse, type Person } from "#domain/policy/permission.ts";
import { noOwners } from "#domain/policy/roles.ts";
import { policy } from "./policy-builder.ts";

const staging = environmentNameSchema.parse("staging");
const production = environmentNameSchema.parse("production");

const rules = policy({
  roles: {
    deployer: { users: ["dana"] },
    releaser: { users: ["rae"] },
    modellers: { owners: true },
    keepers: { codeOwners: true },
  },
  commands: {
    deploy: { production: ["releaser", "keepers"], "*": "modellers" },
    rollback: { "*": "nobody" },
  },
});

function person(login: string, owners: Partial<Person["owners"]> = {}, teams: readonly string[] = []): Person {
  return { login, standing: { permission: "write", teams }, owners: { ...noOwners, ...owners } };
}

const deployTo = (environment: typeof staging) => ({ command: "deploy", environment, role: "deployer" });

describe("the matrix of commands, environments and roles", () => {
  it.each([
    ["a named role may, in its environment", production, person("rae"), "allowed"],
    ["logins do not tell upper from lower case", production, person("RAE"), "allowed"],
    ["the role that the command asks for by itself no longer counts", production, person("dana"), "refused"],
    ["the star stands for the environments that are not named", staging, person("rae"), "refused"],
    ["owners of the model are people", staging, person("mo", { model: { users: ["mo"], teams: [] } }), "allowed"],
    ["or teams", staging, person("tam", { model: { users: [], teams: ["ranking"] } }, ["ranking"]), "allowed"],
    ["code owners are another role", staging, person("co", { code: { users: ["co"], teams: [] } }), "refused"],
    ["and count where it is named", production, person("co", { code: { users: ["co"], teams: [] } }), "allowed"],
  ])("%s", (_, environment, who, expected) => {
    expect(mayUse(rules, deployTo(environment), who).kind).toBe(expected);
  });

  it("says who may", () => {
    expect(mayUse(rules, deployTo(production), person("eve"))).toEqual({
      kind: "refused",
      roles: ["releaser", "keepers"],
      who: "rae, or its code owners",
    });
  });

  it("forbids a command to everyone", () => {
    const use = { command: "rollback", environment: production, role: "deployer" };
    expect(mayUse(rules, use, person("dana"))).toEqual({ kind: "refused", roles: [], who: null });
  });

  it("falls back to the role of the command, and to everyone", () => {
    expect(mayUse(rules, { command: "pause", environment: production, role: "deployer" }, person("dana"))).toEqual({
      kind: "allowed",
      as: "deployer",
    });
    expect(mayUse(rules, { command: "status", environment: null, role: null }, person("eve"))).toEqual({ kind: "allowed", as: "everyone" });
  });

  it("takes no command for a property that every object has", () => {
    expect(mayUse(rules, { command: "constructor", environment: production, role: "deployer" }, person("dana")).kind).toBe("allowed");
  });
});
