import { describe, expect, test } from "vitest";
import { parseManifests } from "#sandbox/serving/manifests.ts";
import { manifests } from "./environments.ts";

const filesOf = (record: Record<string, string>) => new Map(Object.entries(record));

describe("manifests", () => {
  test("are read from several documents in a file, and other kinds are passed over", () => {
    const files = filesOf({
      ...manifests({ cosine: 95, bm25: 5 }),
      "other.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n",
    });
    const { deployments, services, routes } = parseManifests(files);
    expect([deployments.length, services.length]).toEqual([2, 2]);
    expect(routes[0]?.spec.rules[0]?.backendRefs.map(({ weight }) => weight)).toEqual([95, 5]);
  });

  test("give a backend without a weight the weight 1, and a Deployment without replicas one", () => {
    const route =
      "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r}\nspec: {rules: [{backendRefs: [{name: a}]}]}\n";
    const deployment =
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}}}\n";
    const parsed = parseManifests(filesOf({ "route.yaml": route, "deployment.yaml": deployment }));
    expect(parsed.routes[0]?.spec.rules[0]?.backendRefs[0]?.weight).toBe(1);
    expect(parsed.deployments[0]?.spec.replicas).toBe(1);
  });

  test.each([
    ["a weight that is text, as an API server would refuse", "weight: 5}", 'weight: "5"}'],
    ["YAML that does not parse", "rules:", "rules: ["],
  ])("are refused with %s, naming the file", (_, from, to) => {
    const files = manifests({ cosine: 95, bm25: 5 });
    files["httproute.yaml"] = (files["httproute.yaml"] ?? "").replace(from, to);
    expect(() => parseManifests(filesOf(files))).toThrow("httproute.yaml");
  });
});
