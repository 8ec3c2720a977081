import fc from "fast-check";
import { CORE_SCHEMA, loadAll } from "js-yaml";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { manifestViews, UnsafeWeights } from "#domain/manifest/manifests.ts";
import type { ManifestInput } from "#domain/manifest/target.ts";
import { environmentNameSchema, modelNameSchema, releaseIdSchema } from "#domain/model/names.ts";
import { templates } from "#test/adapters/templates/shipped-templates.ts";
import { baseline, candidate, version } from "#test/domain/report/judgement-builder.ts";
import { gatewayRollout } from "#test/support/rollouts.ts";

function input(change: Partial<ManifestInput> = {}): ManifestInput {
  return {
    environment: environmentNameSchema.parse("production"),
    namespace: "models",
    model: modelNameSchema.parse("search-ranker"),
    rollout: gatewayRollout,
    release: releaseIdSchema.parse("r-0123456789abcdef"),
    candidate: { ...candidate, artifact: "s3://acme/model.json", weight: 5 },
    stable: { ...baseline, weight: 95 },
    ...change,
  };
}

const routeSchema = z.object({
  spec: z.object({
    rules: z.tuple([z.object({ backendRefs: z.array(z.object({ name: z.string(), port: z.literal(80), weight: z.int() })) })]),
  }),
});

/** The weights as the cluster reads them out of the rendered file. */
function backendsOf(given: ManifestInput) {
  const view = manifestViews(given).find(({ template }) => template === "http-route.yaml");
  if (view === undefined) return [];
  const [document] = loadAll(templates.render(view.template, view.view), { schema: CORE_SCHEMA });
  return routeSchema.parse(document).spec.rules[0].backendRefs.map(({ name, weight }) => [name, weight]);
}

describe("the manifests of a version", () => {
  it("are a file of its own and the route, in the model's folder", () => {
    expect(manifestViews(input()).map(({ scope, file, template }) => [scope, file, template])).toEqual([
      ["version", "deployment-cccccccc.yaml", "deployment.yaml"],
      ["traffic", "http-route.yaml", "http-route.yaml"],
    ]);
  });

  it("name both versions with weights that sum to 100, the stable one first", () => {
    expect(backendsOf(input())).toEqual([
      ["search-ranker-bbbbbbbb", 95],
      ["search-ranker-cccccccc", 5],
    ]);
  });

  it("keep the candidate named when its weight goes back to 0", () => {
    const back = input({ candidate: { ...candidate, artifact: "x", weight: 0 }, stable: { ...baseline, weight: 100 } });
    expect(backendsOf(back)).toEqual([
      ["search-ranker-bbbbbbbb", 100],
      ["search-ranker-cccccccc", 0],
    ]);
  });

  it("give a lone version everything", () => {
    expect(backendsOf(input({ candidate: { ...candidate, artifact: "x", weight: 100 }, stable: null }))).toEqual([
      ["search-ranker-cccccccc", 100],
    ]);
  });

  it("are safe to apply to an empty cluster for every split", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (weight) => {
        const backends = backendsOf(
          input({ candidate: { ...candidate, artifact: "x", weight }, stable: { ...baseline, weight: 100 - weight } }),
        );
        expect(backends.map(([, share]) => share)).toEqual([100 - weight, weight]);
      }),
    );
  });

  it.each([
    ["do not sum to 100", { candidate: { ...candidate, artifact: "x", weight: 5 }, stable: { ...baseline, weight: 90 } }, "sum to 95"],
    ["leave a lone version without traffic", { candidate: { ...candidate, artifact: "x", weight: 0 }, stable: null }, "sum to 0"],
    ["leave a lone version with a part", { candidate: { ...candidate, artifact: "x", weight: 50 }, stable: null }, "sum to 50"],
    [
      "are no whole numbers",
      { candidate: { ...candidate, artifact: "x", weight: 2.5 }, stable: { ...baseline, weight: 97.5 } },
      "not 97.5",
    ],
    ["are negative", { candidate: { ...candidate, artifact: "x", weight: -1 }, stable: { ...baseline, weight: 101 } }, "not 101"],
    ["name one version twice", { stable: { ...candidate, weight: 95 } }, "begin with cccccccc"],
    ["name two versions by one name", { stable: { ...version("other", "c"), weight: 95 } }, "begin with cccccccc"],
  ] as const)("are refused when the weights %s", (_, change, message) => {
    expect(() => manifestViews(input(change))).toThrow(UnsafeWeights);
    expect(() => manifestViews(input(change))).toThrow(message);
  });
});
