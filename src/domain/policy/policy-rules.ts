import { comparesWithBaseline, normalGates } from "#domain/gate/gate.ts";
import { type Policy, roleNames } from "#domain/policy/policy.ts";
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
  afterNamesAnEarlierEnvironment,
  referenceIsAnEnvironment,
  freezeNamesDiffer,
  freezeTimesExist,
  freezesEndAfterTheyBegin,
  floorsBlock,
  firstVersionFloorsNeedNoBaseline,
  rolesNameSomeone,
  firstVersionsHaveAnApprover,
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
function afterNamesAnEarlierEnvironment({ environments }: Policy): readonly BrokenPolicyRule[] {
  return environments.flatMap(({ after }, index) => {
    if (after === undefined || environments.slice(0, index).some(({ name }) => name === after)) return [];
    const known = environments.some(({ name }) => name === after);
    const why = known ? "which does not stand before it in the list" : "which is not an environment of this policy";
    return [{ path: ["environments", index, "after"], message: `"after" names ${JSON.stringify(after)}, ${why}` }];
  });
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
    (["from", "to"] as const)
      .filter((end) => !isCalendarTime(freeze[end]))
      .map((end) => ({ path: ["freezes", index, end], message: `there is no such time as ${freeze[end]}` })),
  );
}

function freezesEndAfterTheyBegin({ freezes }: Policy): readonly BrokenPolicyRule[] {
  return freezes.flatMap(({ from, to }, index) =>
    from < to ? [] : [{ path: ["freezes", index, "to"], message: `a freeze ends after it begins, and ${to} is not after ${from}` }],
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
  return roleNames.flatMap((name) => {
    const role = roles[name];
    if (role === undefined || role.users.length + role.teams.length + role.permissions.length > 0) return [];
    return [{ path: ["roles", name], message: `nobody is ${name}: name users, teams or permissions` }];
  });
}

function firstVersionsHaveAnApprover({ floors, roles }: Policy): readonly BrokenPolicyRule[] {
  if (floors.firstVersion.length === 0 || roles.approver !== undefined) return [];
  return [{ path: ["floors", "firstVersion"], message: 'a first version needs an approver, and "roles" names none' }];
}

/** Indexes of names that stood before. */
function repeated(names: readonly string[]): readonly number[] {
  return names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));
}

function isCalendarTime(local: string): boolean {
  const time = Date.parse(`${local}:00.000Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(local);
}
