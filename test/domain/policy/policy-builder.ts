import { type Policy, policySchema } from "#domain/policy/policy.ts";

type Written = Readonly<Record<string, unknown>>;

/** A policy of two environments and one model. */
export function policy(overrides: Written = {}): Policy {
  return policySchema.parse({
    apiVersion: "slipway/v1",
    kind: "Policy",
    models: { ranker: { repository: "acme/models", id: 1 } },
    environments: [{ name: "staging", from: "pull-request" }, { name: "production" }],
    ...overrides,
  });
}
