import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { handlebarsTemplates } from "#adapters/templates/handlebars-templates.ts";
import { manifestsFolder } from "#domain/environment/paths.ts";
import { manifestViews } from "#domain/manifest/manifests.ts";
import { digestSchema, environmentNameSchema, loginSchema, modelNameSchema, versionLabelSchema } from "#domain/model/names.ts";
import { type AdoptionRequest, adoptModels } from "#flows/adopt-models.ts";
import { at } from "#test/support/builders.ts";
import { fakeEnvironmentsRepository } from "#test/support/fakes/environments-repository.ts";
import { gatewayRollout } from "#test/support/rollouts.ts";

const production = environmentNameSchema.parse("production");
const ranker = modelNameSchema.parse("search-ranker");
const version = { version: versionLabelSchema.parse("2026.11.02-1"), digest: digestSchema.parse(`sha256:${"beef".repeat(16)}`) };
const policy =
  "apiVersion: slipway/v1\nkind: Policy\nmodels: {search-ranker: {repository: acme/models, id: 1}}\nenvironments: [{name: production}]\n";
const folder = manifestsFolder(production, ranker);
const deployment = `${folder}deployment-beefbeef.yaml`;
const route = `${folder}http-route.yaml`;

type Files = Readonly<Record<string, string>>;

/** What a person committed: the manifests of one version that has all the traffic. */
function baseline(): Files {
  const templates = handlebarsTemplates(join(import.meta.dirname, "..", "..", "templates"), { github: new URL("https://github.com") });
  const candidate = { ...version, artifact: "s3://acme/ranker.json", weight: 100 };
  const views = manifestViews({
    environment: production,
    namespace: "production",
    model: ranker,
    rollout: gatewayRollout,
    release: null,
    candidate,
    stable: null,
  });
  const files = views.map(({ file, template, view }) => [`${folder}${file}`, templates.render(template, view)] as const);
  return { ".slipway/policy.yaml": policy, ...Object.fromEntries(files) };
}

function adopting(files: Files, overrides: Partial<AdoptionRequest> = {}) {
  const environments = fakeEnvironmentsRepository(files);
  const request = { environment: production, model: undefined, version: undefined, login: loginSchema.parse("lee"), ...overrides };
  return { environments, adopt: () => adoptModels({ environments, clock: { now: () => at(0) } }, request) };
}

const without = (files: Files, path: string): Files => Object.fromEntries(Object.entries(files).filter(([name]) => name !== path));
const replaced = (files: Files, path: string, from: string | RegExp, to: string): Files => ({
  ...files,
  [path]: (files[path] ?? "").replaceAll(from, to),
});
const unannotated = (): Files => replaced(baseline(), deployment, /slipway\.dev\/(?=digest:|version:)/g, "acme.dev/");

describe("adopting what is live", () => {
  it("records the version of the manifests as live and verified, in one commit", async () => {
    const { environments, adopt } = adopting(baseline());
    const answer = await adopt();
    expect(answer).toMatchObject({
      kind: "answered",
      commit: environments.tip("main"),
      models: [{ model: ranker, outcome: { kind: "adopt", state: { live: version } } }],
    });
    expect(environments.text(".slipway/state/production/search-ranker.yaml")).toContain("beefbeef");
  });

  it("decides again from what is there when somebody was faster", async () => {
    const { environments, adopt } = adopting(baseline());
    environments.beforeNextWrite(() => environments.edit(without(baseline(), "none")));
    const moved = environments.tip("main");
    expect(await adopt()).toMatchObject({ kind: "answered" });
    expect(environments.tip("main")).not.toBe(moved);
    expect(await adopt()).toMatchObject({ commit: null, models: [{ outcome: { kind: "already", live: version } }] });
  });

  it("takes version and digest from the person where the manifests do not say them", async () => {
    const { adopt } = adopting(unannotated(), { model: ranker, version });
    expect(await adopt()).toMatchObject({ models: [{ outcome: { kind: "adopt", state: { live: version } } }] });
  });

  const refusals: readonly (readonly [string, Files, string])[] = [
    [
      "there is no route",
      without(baseline(), route),
      `there is no HTTPRoute in ${route}, the one file in which Slipway moves traffic: \`slipway manifests\` writes it`,
    ],
    [
      "traffic goes to a backend of another name",
      replaced(baseline(), route, "search-ranker-beefbeef", "search-ranker"),
      `${route} sends traffic to "search-ranker", and the version's own Service is called "search-ranker-beefbeef": \`slipway manifests\` writes it`,
    ],
    [
      "no traffic goes there",
      replaced(baseline(), route, "weight: 100", "weight: 0"),
      `${route} sends no traffic to "search-ranker-beefbeef": \`slipway manifests\` writes it`,
    ],
    [
      "the manifests do not say the version",
      unannotated(),
      "no Deployment of search-ranker has the annotations slipway.dev/version and slipway.dev/digest: add them, or name both by flags",
    ],
    [
      "the Deployment lies in a file of another name",
      { ...without(baseline(), deployment), [`${folder}main.yaml`]: baseline()[deployment] ?? "" },
      `the Deployment "search-ranker-beefbeef" lies in ${folder}main.yaml; Slipway keeps "search-ranker-beefbeef" in ${deployment}: \`slipway manifests\` writes it`,
    ],
    ["a manifest is no YAML", { ...baseline(), [`${folder}extra.yaml`]: "a: [1\n" }, `${folder}extra.yaml is not valid YAML: `],
    [
      "the policy does not know the model",
      replaced(baseline(), ".slipway/policy.yaml", "search-ranker:", "other:"),
      "the policy names no model search-ranker: add it to .slipway/policy.yaml first",
    ],
    [
      "its state cannot be read",
      { ...baseline(), ".slipway/state/production/search-ranker.yaml": "live: 7\n" },
      "its state cannot be read: .slipway/state/production/search-ranker.yaml:1:",
    ],
  ];
  it.each(refusals)("writes nothing when %s", async (_, files, reason) => {
    const { environments, adopt } = adopting(files);
    const before = environments.tip("main");
    const answer = await adopt();
    if (answer.kind !== "answered") throw new Error(answer.reason);
    expect(answer).toMatchObject({ commit: null, models: [{ outcome: { kind: "refused" } }] });
    const [adopted] = answer.models;
    expect(adopted?.outcome.kind === "refused" ? adopted.outcome.reason : "").toContain(reason);
    expect(environments.tip("main")).toBe(before);
  });

  it("says that the policy names no such environment, or that nothing is served there", async () => {
    const staging = environmentNameSchema.parse("staging");
    expect(await adopting(baseline(), { environment: staging }).adopt()).toEqual({
      kind: "refused",
      reason: "the policy names no environment staging; it has production",
    });
    expect(await adopting({ ".slipway/policy.yaml": policy }).adopt()).toEqual({
      kind: "refused",
      reason: "there are no manifests in environments/production/<model>/",
    });
  });

  it("hands on what the host says when it refuses the push", async () => {
    const { environments, adopt } = adopting(baseline());
    environments.refuse("protected branch hook declined");
    expect(await adopt()).toEqual({ kind: "refused", reason: "the push was refused: protected branch hook declined" });
  });
});
