import type { IncomingMessage, ServerResponse } from "node:http";
import type { Cluster } from "./cluster.ts";
import type { Deployment, HttpRoute } from "./manifests.ts";
import { readyIn } from "./pools.ts";
import type { Stored } from "./stored-objects.ts";

const resources = {
  httproutes: { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", path: "gateway.networking.k8s.io/v1" },
  deployments: { apiVersion: "apps/v1", kind: "Deployment", path: "apps/v1" },
} as const;

type KubernetesObject = { readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> } };

/** The read side of the Kubernetes API for HTTPRoutes and Deployments; `status` says what is really served. */
export function kubernetesHandler(
  cluster: Cluster,
  namespace: string,
  token: string,
): (request: IncomingMessage, url: URL, response: ServerResponse) => void {
  return (request, url, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) return failure(response, 401, "Unauthorized", "Unauthorized");
    if (request.method !== "GET") return failure(response, 405, "MethodNotAllowed", "the sandbox's cluster is written through Git only");
    const match = /^\/apis\/(.+)\/namespaces\/([^/]+)\/(httproutes|deployments)(?:\/([^/]+))?$/.exec(url.pathname);
    const [, path, wantedNamespace, plural, name] = match ?? [];
    if ((plural !== "httproutes" && plural !== "deployments") || resources[plural].path !== path) {
      return failure(response, 404, "NotFound", "the server could not find the requested resource");
    }
    const { apiVersion, kind } = resources[plural];
    const here = wantedNamespace === namespace;
    const all: readonly KubernetesObject[] = plural === "deployments" ? deployments(cluster, namespace) : routes(cluster, namespace);
    if (name === undefined) {
      const items = here ? all.filter(({ metadata }) => matches(url.searchParams.get("labelSelector") ?? "", metadata.labels)) : [];
      return send(response, 200, { apiVersion, kind: `${kind}List`, metadata: { resourceVersion: String(cluster.revision()) }, items });
    }
    const found = here ? all.find(({ metadata }) => metadata.name === name) : undefined;
    if (found === undefined) return failure(response, 404, "NotFound", `${plural} "${name}" not found`);
    return send(response, 200, found);
  };
}

function deployments(cluster: Cluster, namespace: string) {
  return cluster.deployments().map((stored) => {
    const { manifest, generation } = stored;
    const pool = cluster.poolOf(manifest);
    const running = pool?.replicas.length ?? 0;
    const ready = pool === undefined ? 0 : readyIn(pool).length;
    return {
      ...manifest,
      metadata: metadata(cluster, namespace, stored),
      status: {
        observedGeneration: generation,
        replicas: running,
        updatedReplicas: running,
        readyReplicas: ready,
        availableReplicas: ready,
        unavailableReplicas: manifest.spec.replicas - ready,
        conditions: [{ type: "Available", status: ready >= manifest.spec.replicas ? "True" : "False", reason: "MinimumReplicas" }],
      },
    };
  });
}

/** `observedGeneration` and `lastTransitionTime` are those of the routing that traffic meets now, which may lag behind the spec. */
function routes(cluster: Cluster, namespace: string) {
  return cluster.routes().map((stored) => {
    const { manifest, generation, createdAt } = stored;
    const routing = cluster.routing(manifest.metadata.name);
    const resolution = cluster.resolve(manifest);
    const accepted = {
      type: "Accepted",
      status: routing === undefined ? "Unknown" : "True",
      reason: routing === undefined ? "Pending" : "Accepted",
      message: "",
      observedGeneration: routing?.generation ?? 0,
      lastTransitionTime: routing?.since ?? createdAt,
    };
    const resolved = {
      type: "ResolvedRefs",
      status: resolution.kind === "resolved" ? "True" : "False",
      reason: resolution.kind === "resolved" ? "ResolvedRefs" : resolution.reason,
      message: resolution.kind === "resolved" ? "" : resolution.message,
      observedGeneration: generation,
      lastTransitionTime: routing?.since ?? createdAt,
    };
    const parentRefs = manifest.spec.parentRefs.length === 0 ? [{ name: "sandbox" }] : manifest.spec.parentRefs;
    const known = metadata(cluster, namespace, stored);
    const weights = routing?.backends.map(({ pool, weight }) => ({ deployment: pool.deployment, digest: pool.digest, weight })) ?? [];
    return {
      ...manifest,
      metadata: { ...known, annotations: { ...known.annotations, "sandbox.slipway.dev/routed": JSON.stringify(weights) } },
      status: {
        parents: parentRefs.map((parentRef) => ({
          parentRef,
          controllerName: "sandbox.slipway.dev/router",
          conditions: [accepted, resolved],
        })),
      },
    };
  });
}

function metadata(cluster: Cluster, namespace: string, { manifest, uid, createdAt, generation }: Stored<Deployment> | Stored<HttpRoute>) {
  return { ...manifest.metadata, namespace, uid, creationTimestamp: createdAt, generation, resourceVersion: String(cluster.revision()) };
}

/** Equality, inequality and existence; requirements are joined by commas, and all must hold. */
function matches(selector: string, labels: Readonly<Record<string, string>>): boolean {
  const requirements = selector.split(",").filter((each) => each !== "");
  return requirements.every((requirement) => {
    const [, absent, key = "", operator, value] = /^(!?)([^=!]+)(==?|!=)?(.*)$/.exec(requirement.trim()) ?? [];
    if (absent === "!") return !(key in labels);
    if (operator === undefined) return key in labels;
    return operator === "!=" ? labels[key] !== value : labels[key] === value;
  });
}

function failure(response: ServerResponse, code: number, reason: string, message: string): void {
  send(response, code, { apiVersion: "v1", kind: "Status", metadata: {}, status: "Failure", reason, message, code });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { "content-type": "application/json", "content-length": bytes.length });
  response.end(bytes);
}
