import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { dump } from "js-yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { kubernetesCluster } from "#adapters/kubernetes/cluster.ts";
import type { ManifestInput } from "#domain/manifest/target.ts";
import { targets } from "#domain/manifest/targets.ts";
import { targetNames } from "#domain/rollout/target-name.ts";
import { coldShare } from "#test/support/targets/cold-share.ts";
import { candidate, fixtures, renderedFiles, rolloutOf } from "#test/support/targets/fixtures.ts";
import { type MidCanary, midCanaryStates } from "#test/support/targets/rollout-states.ts";
import { defineResources, type Kubelab, startKubelab } from "./kubelab.ts";

const kinds = {
  core: ["deployments", "services", "horizontalpodautoscalers"],
  custom: [
    "httproutes.gateway.networking.k8s.io",
    "inferencepools.inference.networking.k8s.io",
    "inferenceservices.serving.kserve.io",
    "rollouts.argoproj.io",
    "canaries.flagger.app",
    "models.mlops.seldon.io",
    "experiments.mlops.seldon.io",
    "scaledobjects.keda.sh",
  ],
} as const;

let lab: Kubelab;
beforeAll(() => {
  lab = startKubelab();
  defineResources(lab, ["gateway-api", "inference", "kserve", "argo-rollouts", "flagger", "keda", "seldon"]);
}, 240_000);
afterAll(() => lab?.stop());

const stored = z.object({ items: z.array(z.looseObject({})) });
let count = 0;

/** A namespace in which nothing was ever applied: what an empty cluster is to a model. */
function emptyNamespace(): string {
  count += 1;
  const name = `cold-${count}`;
  lab.kubectl(["create", "namespace", name]);
  return name;
}

/** Applies files of Git to an empty namespace, and gives what the API server then holds, one YAML text an object. */
function appliedCold(texts: Iterable<string>): readonly string[] {
  const namespace = emptyNamespace();
  const manifests = [...texts].map((text) => text.replaceAll(/^( *namespace): "(?:production|models)"$/gm, `$1: "${namespace}"`));
  lab.kubectl(["apply", "--server-side", "--field-manager=gitops", "-f", "-"], manifests.join("\n---\n"));
  const json = lab.kubectl(["get", [...kinds.core, ...kinds.custom].join(","), "--namespace", namespace, "--output", "json"]);
  return stored.parse(JSON.parse(json)).items.map((item) => dump(item));
}

/** States that differ in what Git holds; of those that do not, the one that declares least. */
function different(states: readonly MidCanary[]): readonly MidCanary[] {
  const textOf = ({ files }: MidCanary): string => JSON.stringify([...files].toSorted());
  const leastLast = states.toSorted((a, b) => b.open.weight - a.open.weight);
  return [...new Map(leastLast.map((state) => [textOf(state), state])).values()];
}

describe("a real API server that holds nothing", () => {
  it.each(targetNames)("takes every state of a canary on %s, and the candidate's weight is not exceeded", (name) => {
    const states = different(midCanaryStates(rolloutOf(name, targets[name].can.shadow ? { shadow: { window: "1m" } } : {})));
    expect(states.length).toBeGreaterThan(1);
    const shares = states.map(({ open, files }) => ({
      weight: open.weight,
      share: coldShare(appliedCold(files.values()), candidate.digest),
    }));
    const beyond = shares.filter(({ weight, share }) => share > weight);
    if (targets[name].coldApplyHazard === null) expect(beyond).toEqual([]);
    else expect(beyond).not.toEqual([]);
  });

  it.each(fixtures.filter(({ input }) => input.rollout.output === "manifests"))("takes $name with every field", ({ input }) => {
    expect(() => appliedCold(renderedFiles(input).map(({ text }) => text))).not.toThrow();
  });

  it("refuses a field that nobody has, so that being taken says something", () => {
    const [first] = fixtures;
    const texts = renderedFiles(first?.input ?? expect.fail("there is no fixture")).map(({ text }) =>
      text.replace(/^spec:/m, "spec:\n  misspelt: 1"),
    );
    expect(() => appliedCold(texts)).toThrow("field not declared in schema");
  });

  it("runs pods in the declared shares where the weights are replicas", async () => {
    const state = different(midCanaryStates(rolloutOf("deployment"))).find(({ open }) => open.weight === 25);
    const namespace = emptyNamespace();
    const texts = [...(state?.files.values() ?? [])].map((text) => text.replaceAll('namespace: "production"', `namespace: "${namespace}"`));
    lab.kubectl(["apply", "--server-side", "-f", "-"], texts.join("\n---\n"));
    lab.kubectl(["wait", "--for=condition=Available", "deployments", "--all", "--namespace", namespace, "--timeout=60s"]);
    const pods = lab
      .kubectl([
        "get",
        "endpoints",
        "search-ranker",
        "--namespace",
        namespace,
        "--output",
        "jsonpath={.subsets[*].addresses[*].targetRef.name}",
      ])
      .split(" ");
    expect(pods.map((pod) => pod.slice(0, "search-ranker-cccccccc".length)).toSorted()).toEqual([
      "search-ranker-bbbbbbbb",
      "search-ranker-bbbbbbbb",
      "search-ranker-bbbbbbbb",
      "search-ranker-cccccccc",
    ]);
  });
});

describe("a real API server that is only asked", () => {
  const texts = (namespace: string, input: ManifestInput) =>
    renderedFiles(input).map(({ text }) => text.replaceAll('namespace: "models"', `namespace: "${namespace}"`));
  const cluster = () => kubernetesCluster({ kubeconfigFile: lab.kubeconfig });
  const held = (namespace: string) =>
    lab.kubectl(["get", [...kinds.core, ...kinds.custom].join(","), "--namespace", namespace, "--output", "name"]);

  it.each(targetNames)("takes the manifests of %s and keeps nothing", async (name) => {
    const namespace = emptyNamespace();
    const fixture = fixtures.find((each) => each.name === name) ?? expect.fail("there is no such fixture");
    expect(await cluster().tryOut(texts(namespace, fixture.input))).toEqual({ kind: "taken" });
    expect(held(namespace)).toBe("");
  });

  it("says what it would refuse, in its own words", async () => {
    const namespace = emptyNamespace();
    lab.kubectl(["create", "quota", "none", "--hard=count/deployments.apps=0", "--namespace", namespace]);
    const [first] = fixtures;
    const misspelt = texts(namespace, first?.input ?? expect.fail("there is no fixture")).map((text) =>
      text.replace("parentRefs:", "parentReferences:"),
    );
    // The quota is counted by a controller, which needs a moment.
    await expect
      .poll(() => cluster().tryOut(misspelt), { timeout: 20_000 })
      .toEqual({
        kind: "refused",
        reasons: [expect.stringContaining("exceeded quota: none"), expect.stringContaining("field not declared in schema")],
      });
  });
});

describe("Kustomize", () => {
  it("builds an overlay over the component that Slipway wrote", () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-kustomize-"));
    for (const { open, files } of different(midCanaryStates(rolloutOf("gateway-api", { output: "kustomize" })))) {
      const component = join(folder, "model");
      rmSync(component, { recursive: true, force: true });
      mkdirSync(component);
      for (const [path, text] of files) writeFileSync(join(component, basename(path)), text);
      writeFileSync(join(folder, "kustomization.yaml"), "components: [model]\nnamespace: eu\nlabels: [{pairs: {region: eu}}]\n");
      const built = lab.kubectl(["kustomize", folder]);
      expect(built).toContain("namespace: eu");
      expect(coldShare([built], candidate.digest)).toBe(open.weight);
    }
    rmSync(folder, { recursive: true });
  });
});
