import type { EnvironmentName } from "#domain/model/names.ts";
import type { EnvironmentRules, Policy } from "#domain/policy/policy.ts";

/** What the policy says of an environment; undefined when it names none such. */
export function environmentRules(policy: Policy, name: EnvironmentName): EnvironmentRules | undefined {
  return policy.environments.find((environment) => environment.name === name);
}

/** The environment whose live version is the baseline: the named one, else the last in order. */
export function referenceEnvironment(policy: Policy): EnvironmentRules {
  const reference = policy.environments.find(({ name }) => name === policy.reference) ?? policy.environments.at(-1);
  if (reference === undefined) throw new RangeError("A policy has at least one environment; its schema says so.");
  return reference;
}

/** Names in the order in which a version travels. */
export function environmentOrder(policy: Policy): readonly EnvironmentName[] {
  return policy.environments.map(({ name }) => name);
}

/** The Kubernetes namespace of an environment: its own name unless the policy says otherwise. */
export function namespaceOf(policy: Policy, name: EnvironmentName): EnvironmentName {
  return environmentRules(policy, name)?.namespace ?? name;
}
