import { describe, expect, it } from "vitest";
import { environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { environmentOrder, environmentRules, namespaceOf, referenceEnvironment } from "#domain/policy/environments.ts";
import { modelRules } from "#domain/policy/model-rules.ts";
import { policy } from "./policy-builder.ts";

const staging = environmentNameSchema.parse("staging");
const production = environmentNameSchema.parse("production");

describe("the environments of a policy", () => {
  it("are known by name, in the order of the file", () => {
    expect(environmentOrder(policy())).toEqual(["staging", "production"]);
    expect(environmentRules(policy(), staging)?.from).toBe("pull-request");
    expect(environmentRules(policy(), environmentNameSchema.parse("moon"))).toBeUndefined();
  });

  it("have the last one as their reference, unless one is named", () => {
    expect(referenceEnvironment(policy()).name).toBe("production");
    expect(referenceEnvironment(policy({ reference: "staging" })).name).toBe("staging");
  });

  it("have a namespace of their own name, unless one is given", () => {
    const given = policy({ environments: [{ name: "staging", namespace: "models-staging" }, { name: "production" }] });
    expect([namespaceOf(given, staging), namespaceOf(given, production)]).toEqual(["models-staging", "production"]);
  });
});

describe("the models of a policy", () => {
  it("are only those that it names", () => {
    expect(modelRules(policy(), modelNameSchema.parse("ranker"))?.bases).toEqual(["main"]);
    expect(modelRules(policy(), modelNameSchema.parse("constructor"))).toBeUndefined();
  });
});
