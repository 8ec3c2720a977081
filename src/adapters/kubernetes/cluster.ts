import { z } from "zod";
import type { Cluster } from "#ports/cluster.ts";
import { deploymentSchema, exposureOf, routeSchema, unknown } from "./exposure.ts";

export type KubernetesSettings = {
  /** The API server: https, or plain http on this machine (`kubectl proxy`). */
  readonly server?: string;
  readonly token?: string;
  /** Instead of server and token; its current context counts. */
  readonly kubeconfigFile?: string;
};

/** An API that has not answered by then counts as unread; the next look asks again. */
const patience = 10_000;

/** Reads what a cluster serves from its API, and writes nothing there. The client library is loaded at the first look. */
export function kubernetesCluster(settings: KubernetesSettings): Cluster {
  if (settings.kubeconfigFile === undefined) checkServer(settings.server);
  let loading: Promise<Reader> | undefined;
  return {
    async observe(model, _environment, namespace) {
      try {
        loading ??= open(settings);
        const reader = await loading;
        const [route, deployments] = await Promise.all([reader.route(namespace, model), reader.deployments(namespace, model)]);
        return exposureOf(routeSchema.parse(route), z.object({ items: z.array(deploymentSchema) }).parse(deployments).items);
      } catch (error) {
        return unknown(withoutSecret(reasonOf(error, `HTTPRoute ${model} and its Deployments in ${namespace}`), settings.token));
      }
    },
  };
}

interface Reader {
  route(namespace: string, name: string): Promise<unknown>;
  deployments(namespace: string, model: string): Promise<unknown>;
}

async function open({ server, token, kubeconfigFile }: KubernetesSettings): Promise<Reader> {
  const { AppsV1Api, CustomObjectsApi, KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (kubeconfigFile !== undefined) config.loadFromFile(kubeconfigFile);
  else {
    const name = "slipway";
    config.loadFromOptions({
      // The client refuses plain http without it; `checkServer` has made sure that it stays on this machine.
      clusters: [{ name, server, skipTLSVerify: server?.startsWith("http:") === true }],
      users: [{ name, ...(token !== undefined && { token }) }],
      contexts: [{ name, cluster: name, user: name }],
      currentContext: name,
    });
  }
  const custom = config.makeApiClient(CustomObjectsApi);
  const apps = config.makeApiClient(AppsV1Api);
  return {
    route: (namespace, name) =>
      inTime(
        custom.getNamespacedCustomObject({ group: "gateway.networking.k8s.io", version: "v1", namespace, plural: "httproutes", name }),
      ),
    deployments: (namespace, model) =>
      inTime(apps.listNamespacedDeployment({ namespace, labelSelector: `app.kubernetes.io/name=${model}` })),
  };
}

function inTime(answer: Promise<unknown>): Promise<unknown> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${patience / 1000} s`)), patience);
  return Promise.race([answer, late.promise]).finally(() => clearTimeout(timer));
}

/** A token sent in the clear is everybody's. */
function checkServer(server: string | undefined): void {
  if (server === undefined) throw new RangeError("name the Kubernetes API server or a kubeconfig file");
  const { protocol, hostname } = new URL(server);
  if (protocol !== "https:" && !["127.0.0.1", "localhost", "[::1]"].includes(hostname)) {
    throw new RangeError(`the Kubernetes API is reached over https, not by ${protocol}//${hostname}`);
  }
}

const statusSchema = z.object({ code: z.number(), body: z.unknown() });
const bodySchema = z.preprocess((body) => (typeof body === "string" ? fromJson(body) : body), z.object({ message: z.string() }));
const longestReason = 300;

function reasonOf(error: unknown, what: string): string {
  if (error instanceof z.ZodError) return `the API's answer for ${what} has another shape: ${error.issues[0]?.path.join(".") ?? ""}`;
  const answered = statusSchema.safeParse(error);
  if (answered.success) {
    const said = bodySchema.safeParse(answered.data.body);
    return `the API answered ${answered.data.code} for ${what}${said.success ? `: ${said.data.message}` : ""}`;
  }
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `the API could not be read for ${what}: ${error instanceof Error ? error.message : String(error)}${cause}`;
}

function withoutSecret(reason: string, token: string | undefined): string {
  return (token === undefined || token === "" ? reason : reason.replaceAll(token, "***")).slice(0, longestReason);
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
