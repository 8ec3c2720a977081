import type { ModelName } from "#domain/model/names.ts";
import type { Policy } from "#domain/policy/policy.ts";

export type ModelRules = Policy["models"][ModelName];

/** Who may release a model. Looked up as an own key: a model may be called `constructor`. */
export function modelRules(policy: Policy, model: ModelName): ModelRules | undefined {
  return Object.hasOwn(policy.models, model) ? policy.models[model] : undefined;
}
