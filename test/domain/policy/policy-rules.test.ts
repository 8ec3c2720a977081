import { describe, expect, it } from "vitest";
import { policySchema } from "#domain/policy/policy.ts";
import { brokenPolicyRules, checkPolicy } from "#domain/policy/policy-rules.ts";
import { parseWithSchema } from "#domain/text/parse-with-schema.ts";
import { printPath, printProblem } from "#domain/text/problem.ts";
import { policy } from "./policy-builder.ts";

const freeze = { name: "peak", from: "2026-11-24T00:00", to: "2026-12-02T00:00", timeZone: "America/Toronto" };
const floor = { metric: "mrr", atLeast: 0.3 };
const approver = { approver: { users: ["lee"] } };

function broken(overrides: Readonly<Record<string, unknown>>): readonly string[] {
  return brokenPolicyRules(policy(overrides)).map(({ path, message }) => `${printPath(path)}: ${message}`);
}

describe("a sound policy breaks no rule", () => {
  it.each([
    ["with nothing but the needed", {}],
    ["with an order", { environments: [{ name: "a" }, { name: "b", after: "a" }, { name: "c", after: "a" }] }],
    ["with a reference", { reference: "staging" }],
    ["with a freeze of a minute", { freezes: [{ ...freeze, to: "2026-11-24T00:01" }] }],
    ["with floors and an approver", { floors: { all: [{ metric: "mrr", noWorseThan: "5%" }], firstVersion: [floor] }, roles: approver }],
  ])("%s", (_, overrides) => {
    expect(broken(overrides)).toEqual([]);
  });
});

describe("a rule across the fields of a policy is broken by", () => {
  it.each([
    [
      "two environments of one name",
      { environments: [{ name: "a" }, { name: "b" }, { name: "a" }] },
      'environments[2].name: two environments have the name "a"',
    ],
    [
      "after an unknown environment",
      { environments: [{ name: "a", after: "z" }] },
      'environments[0].after: "after" names "z", which is not an environment of this policy',
    ],
    [
      "after itself",
      { environments: [{ name: "a", after: "a" }] },
      'environments[0].after: "after" names "a", which does not stand before it in the list',
    ],
    [
      "after a later one, so a circle",
      { environments: [{ name: "a", after: "b" }, { name: "b" }] },
      'environments[0].after: "after" names "b", which does not stand before it in the list',
    ],
    ["an unknown reference", { reference: "moon" }, 'reference: "reference" names "moon", which is not an environment of this policy'],
    ["two freezes of one name", { freezes: [freeze, freeze] }, 'freezes[1].name: two freezes have the name "peak"'],
    [
      "a freeze that ends as it begins",
      { freezes: [{ ...freeze, to: freeze.from }] },
      "freezes[0].to: a freeze ends after it begins, and 2026-11-24T00:00 is not after 2026-11-24T00:00",
    ],
    [
      "a freeze that ends before it begins",
      { freezes: [{ ...freeze, to: "2026-11-23T23:59" }] },
      "freezes[0].to: a freeze ends after it begins, and 2026-11-23T23:59 is not after 2026-11-24T00:00",
    ],
    [
      "a day that does not exist",
      { freezes: [{ ...freeze, to: "2026-11-31T00:00" }] },
      "freezes[0].to: there is no such time as 2026-11-31T00:00",
    ],
    [
      "an hour that does not exist",
      { freezes: [{ ...freeze, from: "2026-11-24T24:00" }] },
      "freezes[0].from: there is no such time as 2026-11-24T24:00",
    ],
    [
      "a floor that never blocks",
      { floors: { all: [{ ...floor, blocks: "never" }] } },
      "floors.all[0].blocks: a floor that never blocks is no floor",
    ],
    [
      "a first version's floor that compares",
      { floors: { firstVersion: [{ metric: "mrr", noWorseThan: "2%" }] }, roles: approver },
      "floors.firstVersion[0]: a first version has no baseline: write atLeast, atMost or between",
    ],
    [
      "a role that names nobody",
      { roles: { holder: {} } },
      "roles.holder: nobody is holder: name users, teams, permissions, owners or codeOwners",
    ],
    [
      "a command that does not exist",
      { commands: { deply: { "*": "deployer" } } },
      'commands.deply: there is no command "deply"; did you mean deploy?',
    ],
    [
      "a command that is everybody's",
      { commands: { status: { "*": "deployer" } } },
      "commands.status: status changes nothing and is everybody's: no role can be asked for it",
    ],
    [
      "an environment of a command that does not exist",
      { commands: { deploy: { moon: "deployer" } } },
      'commands.deploy.moon: "moon" is not an environment of this policy',
    ],
    [
      "a command for a role that nobody defines",
      { commands: { deploy: { production: ["aprover"] } }, roles: approver },
      'commands.deploy.production: "roles" has no "aprover"; did you mean approver?',
    ],
    [
      "approvals by a role that nobody defines",
      { environments: [{ name: "production", approvals: { role: "council" } }] },
      'environments[0].approvals: "roles" has no "council"',
    ],
    [
      "a time of verification without an environment that verifies",
      { environments: [{ name: "production", verifiedFor: "24h" }] },
      'environments[0].verifiedFor: "verifiedFor" needs "after": the environment that verifies first',
    ],
    [
      "a blast radius without shares of the traffic",
      { environments: [{ name: "production", exposure: "5%" }] },
      'models.ranker: an environment bounds "exposure", so every model says its share of the traffic: traffic: 5%',
    ],
    [
      "a default rollout that goes back",
      {
        rollout: {
          defaults: {
            standard: {
              steps: [
                { weight: 5, window: "1m" },
                { weight: 5, window: "1m" },
              ],
            },
          },
        },
      },
      "rollout.defaults.standard.steps[1].weight: weights grow from step to step, and 5 is not more than 5",
    ],
    [
      "first versions that nobody approves",
      { floors: { firstVersion: [floor] } },
      'floors.firstVersion: a first version needs an approver, and "roles" names none',
    ],
  ])("%s", (_, overrides, message) => {
    expect(broken(overrides)).toEqual([message]);
  });
});

describe("a policy file", () => {
  it("shows every broken rule at once, each where it stands, in the order of the file", () => {
    const text = `apiVersion: slipway/v1
kind: Policy
reference: moon
models: {}
environments:
  - {name: a, after: z}
roles:
  holder: {}
`;
    const parsed = parseWithSchema(policySchema, text, "policy.yaml");
    if (parsed.kind === "invalid") throw new Error("the shape is right");
    expect(checkPolicy(parsed.value, text, "policy.yaml").map(printProblem)).toEqual([
      'policy.yaml:3:12 "reference" names "moon", which is not an environment of this policy',
      'policy.yaml:6:22 "after" names "z", which is not an environment of this policy',
      "policy.yaml:8:11 nobody is holder: name users, teams, permissions, owners or codeOwners",
    ]);
  });
});
