import { createServer, type ServerResponse } from "node:http";

export const digestOf = (letter: string) => `sha256:${letter.repeat(64)}`;
/** Names of Service, backend and Deployment of the two versions. */
export const baseline = "ranker-aaaaaaaa";
export const candidate = "ranker-bbbbbbbb";

/** The API of a cluster that holds one route and two Deployments; tests change what it answers. */
export interface KubernetesApi {
  route: unknown;
  deployments: unknown[];
  failure: { readonly status: number; readonly message: (authorization: string) => string } | undefined;
  readonly selectors: string[];
  readonly url: string;
  close(): Promise<void>;
}

export async function kubernetesApi(token: string): Promise<KubernetesApi> {
  const selectors: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const authorization = request.headers.authorization ?? "";
    if (authorization !== `Bearer ${token}`) return send(response, 401, status(401, "Unauthorized"));
    if (state.failure !== undefined)
      return send(response, state.failure.status, status(state.failure.status, state.failure.message(authorization)));
    if (url.pathname === "/apis/gateway.networking.k8s.io/v1/namespaces/models/httproutes/ranker") {
      return state.route === undefined
        ? send(response, 404, status(404, 'httproutes.gateway.networking.k8s.io "ranker" not found'))
        : send(response, 200, state.route);
    }
    if (url.pathname === "/apis/apps/v1/namespaces/models/deployments") {
      selectors.push(url.searchParams.get("labelSelector") ?? "");
      return send(response, 200, { apiVersion: "apps/v1", kind: "DeploymentList", metadata: {}, items: state.deployments });
    }
    return send(response, 404, status(404, "the server could not find the requested resource"));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const state: KubernetesApi = {
    route: route({}),
    deployments: [deployment(baseline, "a", {}), deployment(candidate, "b", { ready: 1 })],
    failure: undefined,
    selectors,
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return state;
}

function send(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const status = (code: number, message: string) => ({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, code });

export interface RouteParts {
  readonly weights?: readonly [number, number];
  readonly generation?: number;
  readonly observed?: number;
  readonly accepted?: string;
  readonly resolved?: string;
  readonly parents?: readonly string[];
  readonly seenBy?: readonly string[];
}

export function route({
  weights = [95, 5],
  generation = 3,
  observed = 3,
  accepted = "True",
  resolved = "True",
  parents = ["gateway"],
  seenBy = parents,
}: RouteParts) {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: "ranker", namespace: "models", generation },
    spec: {
      parentRefs: parents.map((name) => ({ name })),
      rules: [
        {
          backendRefs: [baseline, candidate].map((name, index) => ({ group: "", kind: "Service", name, port: 80, weight: weights[index] })),
        },
      ],
    },
    status: {
      parents: seenBy.map((name) => ({
        parentRef: { group: "gateway.networking.k8s.io", kind: "Gateway", namespace: "models", name },
        controllerName: "example.com/gateway",
        conditions: [
          { type: "Accepted", status: accepted, observedGeneration: observed, reason: "Accepted", message: "" },
          { type: "ResolvedRefs", status: resolved, observedGeneration: observed, reason: "ResolvedRefs", message: "" },
        ],
      })),
    },
  };
}

interface DeploymentParts {
  readonly ready?: number;
  readonly wanted?: number;
  readonly generation?: number;
  readonly observed?: number;
  readonly annotations?: boolean;
}

export function deployment(name: string, letter: string, parts: DeploymentParts) {
  const { ready = 2, wanted = 2, generation = 1, observed = generation, annotations = true } = parts;
  return {
    metadata: { name, namespace: "models", generation, annotations: annotations ? { "slipway.dev/digest": digestOf(letter) } : {} },
    spec: { replicas: wanted, selector: { matchLabels: {} }, template: {} },
    status: { observedGeneration: observed, ...(ready > 0 && { readyReplicas: ready }) },
  };
}
