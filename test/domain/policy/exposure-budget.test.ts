import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EnvironmentState } from "#domain/environment/state.ts";
import { environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { greatestWeight } from "#domain/policy/exposure-budget.ts";
import type { SchemaResult } from "#domain/text/parse-with-schema.ts";
import { environmentState, openRelease } from "#test/support/builders.ts";
import { policy } from "./policy-builder.ts";

const production = environmentNameSchema.parse("production");
const ranker = modelNameSchema.parse("ranker");

function budget(exposure: string | undefined, traffic: Readonly<Record<string, string>>) {
  const models = Object.fromEntries(
    Object.entries(traffic).map(([name, share], index) => [name, { repository: "acme/models", id: index + 1, traffic: share }]),
  );
  return policy({ models, environments: [{ name: "staging" }, { name: "production", ...(exposure !== undefined && { exposure }) }] });
}

function running(model: string, weight: number, environment = "production"): SchemaResult<EnvironmentState> {
  const state = environmentState({ model, environment, release: openRelease({ weight }) });
  return { kind: "ok", value: state };
}

describe("the blast radius of an environment", () => {
  it.each([
    ["leaves all where policy sets no bound", undefined, [running("search", 100)], 100],
    ["leaves the whole budget where nothing is open", "10%", [], 20],
    ["takes off what another model's canary has", "10%", [running("search", 10)], 12],
    ["counts no release of another environment", "10%", [running("search", 10, "staging")], 20],
    ["counts not what the model itself has now", "10%", [running("ranker", 15)], 20],
    ["leaves nothing when others have it all", "10%", [running("search", 50)], 0],
    ["leaves nothing while a state cannot be read", "10%", [{ kind: "invalid", problems: [] } as const], 0],
  ])("%s", (_, exposure, states, expected) => {
    expect(greatestWeight(budget(exposure, { ranker: "50%", search: "40%" }), states, production, ranker)).toBeCloseTo(expected, 12);
  });

  it("is never passed by a model that keeps to its greatest weight", () => {
    const share = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(share, share, share, share, (exposure, own, other, weight) => {
        const states = [running("search", weight)];
        const rules = budget(`${exposure}%`, { ranker: `${own}%`, search: `${other}%` });
        const used = (other / 100) * weight;
        const greatest = greatestWeight(rules, states, production, ranker);
        return greatest === 0 ? used >= exposure - 1e-9 : used + (own / 100) * greatest <= exposure + 1e-9;
      }),
    );
  });
});
