import fc from "fast-check";
import { CORE_SCHEMA, loadAll, YAML11_SCHEMA } from "js-yaml";
import { describe, expect, it } from "vitest";
import type { RouteView } from "#domain/manifest/http-route.ts";
import type { WorkloadView } from "#domain/manifest/workload.ts";
import { hostileTexts } from "./hostile-text.ts";
import { templates } from "./shipped-templates.ts";

const schemas = { "1.2": CORE_SCHEMA, "1.1": YAML11_SCHEMA } as const;

const deployment: WorkloadView = {
  name: "search-ranker-cccccccc",
  namespace: "models",
  environment: "production",
  model: "search-ranker",
  version: "2026.11.20-3",
  digest: `sha256:${"c".repeat(64)}`,
  digestLabel: "c".repeat(16),
  artifact: "s3://acme-models/search-ranker/model.onnx",
  image: "ghcr.io/acme/ranker@sha256:abc",
  fixed: { replicas: 2 },
  hpa: null,
  keda: null,
  port: 8080,
  portText: "8080",
};

const route: RouteView = {
  namespace: "models",
  environment: "production",
  model: "search-ranker",
  gateway: "models",
  release: "r-0123456789abcdef",
  pools: false,
  mirror: null,
  sticky: null,
  backends: [
    { name: "search-ranker-bbbbbbbb", weight: 95 },
    { name: "search-ranker-cccccccc", weight: 5 },
  ],
};

/** What the Deployment and Service must be, whatever the texts in the view. */
function expectedDeployment(view: WorkloadView): unknown {
  const labels = {
    "app.kubernetes.io/name": view.model,
    "app.kubernetes.io/managed-by": "slipway",
    "slipway.dev/digest": view.digestLabel,
  };
  const selector = { "app.kubernetes.io/name": view.model, "slipway.dev/digest": view.digestLabel };
  const annotations = { "slipway.dev/version": view.version, "slipway.dev/digest": view.digest };
  const container = {
    name: "model",
    image: view.image,
    env: [
      { name: "MODEL_URI", value: view.artifact },
      { name: "MODEL_DIGEST", value: view.digest },
      { name: "PORT", value: view.portText },
    ],
    ports: [{ name: "http", containerPort: view.port }],
    readinessProbe: { httpGet: { path: "/ready", port: "http" }, periodSeconds: 5 },
  };
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: view.name,
        namespace: view.namespace,
        labels,
        annotations: {
          "slipway.dev/environment": view.environment,
          ...annotations,
          "slipway.dev/artifact": view.artifact,
          "slipway.dev/image": view.image,
        },
      },
      spec: {
        replicas: view.fixed?.replicas,
        selector: { matchLabels: selector },
        template: { metadata: { labels, annotations }, spec: { containers: [container] } },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: view.name, namespace: view.namespace, labels, annotations },
      spec: { selector, ports: [{ name: "http", port: 80, targetPort: "http" }] },
    },
  ];
}

function expectedRoute(view: RouteView): unknown {
  const release = view.release === null || view.release === "" ? {} : { "slipway.dev/release": view.release };
  return [
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: {
        name: view.model,
        namespace: view.namespace,
        labels: { "app.kubernetes.io/name": view.model, "app.kubernetes.io/managed-by": "slipway" },
        annotations: { "slipway.dev/environment": view.environment, ...release },
      },
      spec: {
        parentRefs: [{ name: view.gateway }],
        rules: [{ backendRefs: view.backends.map(({ name, weight }) => ({ name, port: 80, weight })) }],
      },
    },
  ];
}

/** The same text for every variable that holds text. */
function deploymentOf(text: string): WorkloadView {
  return {
    ...deployment,
    name: text,
    namespace: text,
    environment: text,
    model: text,
    version: text,
    digest: text,
    digestLabel: text,
    artifact: text,
    image: text,
    portText: text,
  };
}

function routeOf(text: string): RouteView {
  return {
    ...route,
    namespace: text,
    environment: text,
    model: text,
    gateway: text,
    release: text,
    backends: route.backends.map(({ weight }) => ({ name: text, weight })),
  };
}

describe("the manifest templates", () => {
  it("render a version's Deployment and Service", async () => {
    await expect(templates.render("deployment.yaml", deployment)).toMatchFileSnapshot("golden/deployment.yaml");
  });

  it("render a route that names both versions with their weights", async () => {
    await expect(templates.render("http-route.yaml", route)).toMatchFileSnapshot("golden/http-route.yaml");
  });

  it("leave the release out of a route that no release has set", () => {
    const text = templates.render("http-route.yaml", { ...route, release: null });
    expect(loadAll(text, { schema: CORE_SCHEMA })).toEqual(expectedRoute({ ...route, release: null }));
  });

  describe.each(["1.2", "1.1"] as const)("to a reader of YAML %s", (yaml) => {
    const schema = schemas[yaml];

    it.each(hostileTexts)("keep %j as it is", (text) => {
      expect(loadAll(templates.render("deployment.yaml", deploymentOf(text)), { schema })).toEqual(expectedDeployment(deploymentOf(text)));
      expect(loadAll(templates.render("http-route.yaml", routeOf(text)), { schema })).toEqual(expectedRoute(routeOf(text)));
    });

    it("keep any text as it is, and their own shape", () => {
      const text = fc.oneof(
        fc.string({ unit: "binary" }),
        fc.string({ unit: fc.constantFrom("\n", '"', ":", " ", "-", "#", "\\", "\u2028", "\u0085", "'", "{", "}") }),
      );
      fc.assert(
        fc.property(text, fc.integer({ min: 0, max: 100 }), (given, weight) => {
          const view = { ...routeOf(given), backends: [{ name: given, weight }] };
          expect(loadAll(templates.render("deployment.yaml", deploymentOf(given)), { schema })).toEqual(
            expectedDeployment(deploymentOf(given)),
          );
          expect(loadAll(templates.render("http-route.yaml", view), { schema })).toEqual(expectedRoute(view));
        }),
      );
    });
  });

  it("refuse half of a surrogate pair, which no other reader of YAML takes", () => {
    expect(() => templates.render("deployment.yaml", { ...deployment, artifact: "s3://\ud800" })).toThrow(
      /deployment\.yaml\.hbs:\d+ artifact holds half of a surrogate pair/,
    );
  });

  it("refuse a number that YAML cannot hold", () => {
    expect(() => templates.render("deployment.yaml", { ...deployment, fixed: { replicas: Number.NaN } })).toThrow(
      /replicas is no finite number/,
    );
  });
});
