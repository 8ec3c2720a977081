import { describe, expect, it } from "vitest";
import { statePath } from "#domain/environment/paths.ts";
import { modelNameSchema } from "#domain/model/names.ts";
import { outcome, refusal } from "./deploy-outcome.ts";
import { candidate, deployRequest, openRelease, policyText, snapshot, staging, state } from "./deploy-request-builder.ts";

const search = modelNameSchema.parse("search");
const other = state({ model: search, release: openRelease(candidate) });

function rulesOfStaging(rules: string): string {
  return policyText
    .replace("bases: [main]}", "bases: [main], traffic: 50%}\n  search: {repository: acme/models, id: 1, traffic: 40%}")
    .replace("{name: staging,", `{name: staging, ${rules},`);
}

describe("the room in an environment", () => {
  it.each([
    ["for one release is taken by another model's", "releases: 1", "too-many-releases"],
    ["for two holds one more", "releases: 2", "start"],
    ["is left by a blast radius that others do not fill", "exposure: 12%", "start"],
    ["is gone when others have all of the blast radius", "exposure: 10%", "over-budget"],
  ])("%s", (_, rules, expected) => {
    expect(outcome(deployRequest({ snapshot: snapshot({ policy: rulesOfStaging(rules), states: [state(), other] }) }))).toBe(expected);
  });

  it("counts a state that cannot be read as taken", () => {
    const texts = { [statePath(staging, search)]: "release: [" };
    const request = deployRequest({ snapshot: snapshot({ policy: rulesOfStaging("releases: 1"), states: [state()], texts }) });
    expect(refusal(request).code).toBe("too-many-releases");
  });
});
