import type { EnvironmentState } from "#domain/environment/state.ts";
import type { EnvironmentName, ModelName } from "#domain/model/names.ts";
import { environmentRules } from "#domain/policy/environments.ts";
import { modelRules } from "#domain/policy/model-rules.ts";
import type { Policy } from "#domain/policy/policy.ts";
import type { SchemaResult } from "#domain/text/parse-with-schema.ts";

/**
 * The greatest weight, in per cent, that one model's canary may have in an environment, so that over all models no more traffic than the
 * policy's `exposure` is on unverified versions: (exposure - sum of traffic * weight of the other open releases) / traffic of this one.
 * 100 where the policy sets no such bound; 0 while a state cannot be read, since it may hide any weight.
 */
export function greatestWeight(
  policy: Policy,
  states: readonly SchemaResult<EnvironmentState>[],
  environment: EnvironmentName,
  model: ModelName,
): number {
  const exposure = environmentRules(policy, environment)?.exposure;
  if (exposure === undefined) return 100;
  if (states.some(({ kind }) => kind === "invalid")) return 0;
  const others = states.flatMap((state) =>
    state.kind === "ok" && state.value.environment === environment && state.value.model !== model && state.value.release !== null
      ? [trafficOf(policy, state.value.model) * state.value.release.weight]
      : [],
  );
  const left = exposure * 100 - others.reduce((sum, share) => sum + share, 0);
  return Math.min(100, Math.max(0, left / trafficOf(policy, model)));
}

/** A model whose share nobody has declared may have all of it. */
function trafficOf(policy: Policy, model: ModelName): number {
  return modelRules(policy, model)?.traffic ?? 1;
}
