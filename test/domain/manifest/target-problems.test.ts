import { describe, expect, it } from "vitest";
import { targetProblems } from "#domain/manifest/target-problems.ts";
import { targetNames } from "#domain/rollout/target-name.ts";
import { image } from "#test/support/rollouts.ts";
import { rolloutOf } from "#test/support/targets/fixtures.ts";

const hpa = { kind: "hpa", min: 1, max: 4, cpu: 70 };
const keda = { kind: "keda", min: 1, max: 4, server: "http://prometheus:9090", query: "up", threshold: 1 };
const window = "1m";

describe("what a rollout asks of its target", () => {
  it.each(targetNames)("can be all right on %s", (name) => {
    expect(targetProblems(rolloutOf(name))).toEqual([]);
  });

  it.each([
    [
      "an image by its tag",
      rolloutOf("gateway-api", { serving: { image: "ghcr.io/acme/ranker:2" } }),
      "serving.image",
      "a tag can be moved, so name it by digest, ghcr.io/acme/ranker@sha256:…",
    ],
    [
      "an image of a registry with a port, by its tag",
      rolloutOf("gateway-api", { serving: { image: "localhost:5000/ranker:2" } }),
      "serving.image",
      "localhost:5000/ranker@sha256:…",
    ],
    [
      "an image with half a digest",
      rolloutOf("gateway-api", { serving: { image: "ghcr.io/acme/ranker@sha256:abc" } }),
      "serving.image",
      "ghcr.io/acme/ranker@sha256:…",
    ],
    ["no image", rolloutOf("flagger", { serving: { image: undefined } }), "serving", "the target flagger needs serving.image"],
    ["no format of the model", rolloutOf("kserve", { serving: { modelFormat: undefined } }), "serving", "needs serving.modelFormat"],
    [
      "no endpoint picker",
      rolloutOf("inference-pool", { serving: { endpointPicker: undefined } }),
      "serving",
      "needs serving.endpointPicker",
    ],
    [
      "copies where there are none",
      rolloutOf("kserve", { shadow: { window } }),
      "shadow",
      "take one of gateway-api, argo-rollouts, seldon",
    ],
    [
      "a cookie that nobody reads",
      rolloutOf("deployment", { serving: { sticky: { cookie: "v" } } }),
      "serving.sticky",
      "does not keep a user on one version",
    ],
    [
      "an autoscaler of the replicas that are weights",
      rolloutOf("deployment", { serving: { autoscaler: hpa } }),
      "serving.autoscaler",
      "shares of the replicas",
    ],
    ["an autoscaler beside KServe's own", rolloutOf("kserve", { serving: { autoscaler: keda } }), "serving.autoscaler", "scales by itself"],
    [
      "a weight of half a replica",
      rolloutOf("deployment", { steps: [{ weight: 10, window }] }),
      "steps.0.weight",
      "10 % of 4 is no whole number",
    ],
    ["values of another target", rolloutOf("seldon", { output: "helm" }), "output", "goes with target: gateway-api"],
    ["a hazard that nobody took", rolloutOf("kserve-percent", { accepts: [] }), "target", "sends all traffic to the candidate"],
  ])("is refused for %s, by name", (_, rollout, path, message) => {
    expect(targetProblems(rollout)).toEqual([
      { path: path.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part)), message: expect.stringContaining(message) },
    ]);
  });

  it("may name a tag beside the digest", () => {
    const [name, digest] = image("3").split("@");
    expect(targetProblems(rolloutOf("gateway-api", { serving: { image: `${name}:2@${digest}` } }))).toEqual([]);
  });
});
