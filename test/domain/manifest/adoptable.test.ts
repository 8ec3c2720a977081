import { CORE_SCHEMA, loadAll } from "js-yaml";
import { describe, expect, it } from "vitest";
import { adoptableVersion, type ManifestDocument } from "#domain/manifest/adoptable.ts";
import { manifestViews } from "#domain/manifest/manifests.ts";
import { environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { templates } from "#test/adapters/templates/shipped-templates.ts";
import { baseline, candidate } from "#test/domain/report/judgement-builder.ts";
import { gatewayRollout } from "#test/support/rollouts.ts";

const model = modelNameSchema.parse("search-ranker");
const annotated = (path: string, annotations: Record<string, unknown>): ManifestDocument => ({
  path,
  value: { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "x", annotations } },
});
const of = ({ version, digest }: typeof baseline) => ({ "slipway.dev/version": version, "slipway.dev/digest": digest });

describe("what can be adopted", () => {
  it("is read out of the manifests that Slipway renders", () => {
    const views = manifestViews({
      environment: environmentNameSchema.parse("production"),
      namespace: "models",
      model,
      rollout: gatewayRollout,
      release: null,
      candidate: { ...candidate, artifact: "s3://acme/model.json", weight: 100 },
      stable: null,
    });
    const documents = views.flatMap(({ file, template, view }) =>
      loadAll(templates.render(template, view), { schema: CORE_SCHEMA }).map((value) => ({ path: file, value })),
    );
    expect(adoptableVersion(model, documents)).toEqual({ kind: "adoptable", version: candidate });
  });

  it("is one version, however many Deployments say it", () => {
    expect(adoptableVersion(model, [annotated("a.yaml", of(baseline)), annotated("b.yaml", of(baseline))])).toEqual({
      kind: "adoptable",
      version: baseline,
    });
  });

  it.each([
    ["there is nothing", [], "no Deployment of search-ranker has the annotations"],
    ["no Deployment is annotated", [annotated("a.yaml", { other: "x" })], "add them, or name both by flags"],
    [
      "documents are no objects",
      [
        { path: "a.yaml", value: null },
        { path: "b.yaml", value: "text" },
      ],
      "no Deployment",
    ],
    ["an annotation is no text", [annotated("a.yaml", { "slipway.dev/version": 7 })], "no Deployment"],
    ["two versions are served", [annotated("a.yaml", of(baseline)), annotated("b.yaml", of(candidate))], "serve 2 versions"],
    ["the digest is missing", [annotated("a.yaml", { "slipway.dev/version": "1" })], "slipway.dev/digest"],
    ["the version is missing", [annotated("a.yaml", { "slipway.dev/digest": baseline.digest })], "slipway.dev/version"],
    ["the digest is none", [annotated("a.yaml", { "slipway.dev/version": "1", "slipway.dev/digest": "sha256:abc" })], "64 lower-case"],
    ["the version is none", [annotated("a.yaml", { ...of(baseline), "slipway.dev/version": "../x" })], "a version starts with"],
  ])("is refused with the reason when %s", (_, documents, reason) => {
    expect(adoptableVersion(model, documents)).toEqual({ kind: "refused", reason: expect.stringContaining(reason) });
  });
});
