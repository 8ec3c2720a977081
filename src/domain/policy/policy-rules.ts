import { commandNamed, nearestCommand } from "#domain/command/registry.ts";
import { comparesWithBaseline, normalGates } from "#domain/gate/gate.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { nearest } from "#domain/text/nearest.ts";
import { parseYaml } from "#domain/text/parse-yaml.ts";
import type { Problem } from "#domain/text/problem.ts";

/** One thing that is wrong with a policy although each value has the right shape, and where. */
export interface BrokenPolicyRule {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type PolicyRule = (policy: Policy) => readonly BrokenPolicyRule[];

const policyRules = [
  environmentNamesDiffer,
  afterNamesEarlierEnvironments,
  verifiedForNeedsAfter,
  referenceIsAnEnvironment,
  freezeNamesDiffer,
  freezeTimesExist,
  freezesEndAfterTheyBegin,
  floorsBlock,
  firstVersionFloorsNeedNoBaseline,
  rolesNameSomeone,
  firstVersionsHaveAnApprover,
  commandsExistAndAskForARole,
  environmentsOfCommandsExist,
  namedRolesExist,
  exposureNeedsTraffic,
  defaultWeightsGrow,
] as const satisfies readonly PolicyRule[];

/** Everything that is wrong with a policy at once. */
export function brokenPolicyRules(policy: Policy): readonly BrokenPolicyRule[] {
  return policyRules.flatMap((rule) => rule(policy));
}

/**
 * The same, each where it stands in the file.
 *
 * @param text what the policy was read from
 */
export function checkPolicy(policy: Policy, text: string, file: string): readonly Problem[] {
  const { locate } = parseYaml(text, file);
  return brokenPolicyRules(policy)
    .map(({ path, message }) => ({ file, ...(locate(path) ?? { line: 1, column: 1 }), path, message }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function environmentNamesDiffer({ environments }: Policy): readonly BrokenPolicyRule[] {
  return repeated(environments.map(({ name }) => name)).map((index) => ({
    path: ["environments", index, "name"],
    message: `two environments have the name ${JSON.stringify(environments[index]?.name)}`,
  }));
}

/** Only earlier ones, so there is no circle. */
function afterNamesEarlierEnvironments({ environments }: Policy): readonly BrokenPolicyRule[] {
  return environments.flatMap(({ after }, index) =>
    after.flatMap((before) => {
      if (environments.slice(0, index).some(({ name }) => name === before)) return [];
      const known = environments.some(({ name }) => name === before);
      const why = known ? "which does not stand before it in the list" : "which is not an environment of this policy";
      return [{ path: ["environments", index, "after"], message: `"after" names ${JSON.stringify(before)}, ${why}` }];
    }),
  );
}

function verifiedForNeedsAfter({ environments }: Policy): readonly BrokenPolicyRule[] {
  return environments.flatMap(({ after, verifiedFor }, index) =>
    verifiedFor > 0 && after.length === 0
      ? [{ path: ["environments", index, "verifiedFor"], message: '"verifiedFor" needs "after": the environment that verifies first' }]
      : [],
  );
}

function referenceIsAnEnvironment({ reference, environments }: Policy): readonly BrokenPolicyRule[] {
  if (reference === undefined || environments.some(({ name }) => name === reference)) return [];
  return [{ path: ["reference"], message: `"reference" names ${JSON.stringify(reference)}, which is not an environment of this policy` }];
}

function freezeNamesDiffer({ freezes }: Policy): readonly BrokenPolicyRule[] {
  return repeated(freezes.map(({ name }) => name)).map((index) => ({
    path: ["freezes", index, "name"],
    message: `two freezes have the name ${JSON.stringify(freezes[index]?.name)}`,
  }));
}

function freezeTimesExist({ freezes }: Policy): readonly BrokenPolicyRule[] {
  return freezes.flatMap((freeze, index) =>
    (["from", "to"] as const).flatMap((end) => {
      const time = freeze[end];
      if (time === undefined || isCalendarTime(time)) return [];
      return [{ path: ["freezes", index, end], message: `there is no such time as ${time}` }];
    }),
  );
}

function freezesEndAfterTheyBegin({ freezes }: Policy): readonly BrokenPolicyRule[] {
  return freezes.flatMap(({ from, to }, index) =>
    from === undefined || to === undefined || from < to
      ? []
      : [{ path: ["freezes", index, "to"], message: `a freeze ends after it begins, and ${to} is not after ${from}` }],
  );
}

function floorsBlock({ floors }: Policy): readonly BrokenPolicyRule[] {
  return (["all", "firstVersion"] as const).flatMap((name) =>
    floors[name].flatMap((rule, index) =>
      rule.blocks === "never" ? [{ path: ["floors", name, index, "blocks"], message: "a floor that never blocks is no floor" }] : [],
    ),
  );
}

function firstVersionFloorsNeedNoBaseline({ floors }: Policy): readonly BrokenPolicyRule[] {
  return normalGates(floors.firstVersion, { dataset: "" }).flatMap((gate, index) =>
    comparesWithBaseline(gate)
      ? [{ path: ["floors", "firstVersion", index], message: "a first version has no baseline: write atLeast, atMost or between" }]
      : [],
  );
}

function rolesNameSomeone({ roles }: Policy): readonly BrokenPolicyRule[] {
  return Object.entries(roles).flatMap(([name, { users, teams, permissions, owners, codeOwners }]) => {
    if (owners || codeOwners || users.length + teams.length + permissions.length > 0) return [];
    return [{ path: ["roles", name], message: `nobody is ${name}: name users, teams, permissions, owners or codeOwners` }];
  });
}

function firstVersionsHaveAnApprover({ floors, roles }: Policy): readonly BrokenPolicyRule[] {
  if (floors.firstVersion.length === 0 || roles.approver !== undefined) return [];
  return [{ path: ["floors", "firstVersion"], message: 'a first version needs an approver, and "roles" names none' }];
}

function commandsExistAndAskForARole({ commands }: Policy): readonly BrokenPolicyRule[] {
  return Object.keys(commands).flatMap((name) => {
    const command = commandNamed(name);
    if (command?.role === null)
      return [{ path: ["commands", name], message: `${name} changes nothing and is everybody's: no role can be asked for it` }];
    if (command !== undefined) return [];
    const meant = nearestCommand(name);
    const hint = meant === null ? "" : `; did you mean ${meant}?`;
    return [{ path: ["commands", name], message: `there is no command ${JSON.stringify(name)}${hint}` }];
  });
}

function environmentsOfCommandsExist({ commands, environments }: Policy): readonly BrokenPolicyRule[] {
  return Object.entries(commands).flatMap(([command, rules]) =>
    Object.keys(rules)
      .filter((name) => name !== "*" && !environments.some((environment) => environment.name === name))
      .map((name) => ({ path: ["commands", command, name], message: `${JSON.stringify(name)} is not an environment of this policy` })),
  );
}

interface NamedRole {
  readonly path: readonly (string | number)[];
  readonly role: string;
}

/** A role that is misspelt would be nobody's, and a rule that nobody can meet stops a night. */
function namedRolesExist(policy: Policy): readonly BrokenPolicyRule[] {
  const named: readonly NamedRole[] = [
    ...Object.entries(policy.commands).flatMap(([command, rules]) =>
      Object.entries(rules).flatMap(([environment, roles]) =>
        roles === "nobody" ? [] : roles.map((role) => ({ path: ["commands", command, environment], role })),
      ),
    ),
    ...policy.environments.flatMap(({ approvals }, index) =>
      approvals === undefined ? [] : [{ path: ["environments", index, "approvals"], role: approvals.role }],
    ),
    ...policy.freezes.flatMap(({ overriddenBy }, index) =>
      overriddenBy === undefined ? [] : [{ path: ["freezes", index, "overriddenBy"], role: overriddenBy }],
    ),
    ...(policy.overrides === undefined ? [] : [{ path: ["overrides"], role: policy.overrides.role }]),
  ];
  const known = Object.keys(policy.roles);
  return named
    .filter(({ role }) => !known.includes(role) && role !== "deployer")
    .map(({ path, role }) => {
      const meant = nearest(role, known);
      return { path, message: `"roles" has no ${JSON.stringify(role)}${meant === undefined ? "" : `; did you mean ${meant}?`}` };
    });
}

function exposureNeedsTraffic({ environments, models }: Policy): readonly BrokenPolicyRule[] {
  if (environments.every(({ exposure }) => exposure === undefined)) return [];
  return Object.entries(models).flatMap(([name, { traffic }]) =>
    traffic === undefined
      ? [{ path: ["models", name], message: 'an environment bounds "exposure", so every model says its share of the traffic: traffic: 5%' }]
      : [],
  );
}

function defaultWeightsGrow({ rollout }: Policy): readonly BrokenPolicyRule[] {
  return Object.entries(rollout.defaults).flatMap(([tier, { steps = [] }]) =>
    steps.flatMap(({ weight }, index) => {
      const before = steps[index - 1]?.weight;
      if (before === undefined || weight > before) return [];
      const message = `weights grow from step to step, and ${weight} is not more than ${before}`;
      return [{ path: ["rollout", "defaults", tier, "steps", index, "weight"], message }];
    }),
  );
}

/** Indexes of names that stood before. */
function repeated(names: readonly string[]): readonly number[] {
  return names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));
}

function isCalendarTime(local: string): boolean {
  const time = Date.parse(`${local}:00.000Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(local);
}
