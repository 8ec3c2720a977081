import { z } from "zod";

export type KubernetesSettings = {
  /** The API server: https, or plain http on this machine (`kubectl proxy`). */
  readonly server?: string;
  readonly token?: string;
  /** Instead of server and token; its current context counts. */
  readonly kubeconfigFile?: string;
};

/** What is read of a cluster: single objects and lists by label, as they come. */
export interface KubernetesApi {
  get(resource: Resource, namespace: string, name: string): Promise<unknown>;
  /** A server-side apply that changes nothing; fails with the server's own words. */
  dryRun(object: KubernetesObject): Promise<void>;
  list(resource: Resource, namespace: string, labelSelector: string): Promise<readonly unknown[]>;
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
}

export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

/** An API that has not answered by then counts as unread; the next look asks again. */
const patience = 10_000;

const listSchema = z.object({ items: z.array(z.unknown()) });

/** The client library is loaded here, at the first look. */
export async function openKubernetesApi({ server, token, kubeconfigFile }: KubernetesSettings): Promise<KubernetesApi> {
  const { CustomObjectsApi, KubeConfig, KubernetesObjectApi, PatchStrategy, setHeaderOptions } = await import("@kubernetes/client-node");
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
  // Every named group is served in the same way, built in or not.
  const objects = config.makeApiClient(CustomObjectsApi);
  const anything = KubernetesObjectApi.makeApiClient(config);
  return {
    get: (resource, namespace, name) => inTime(objects.getNamespacedCustomObject({ ...resource, namespace, name })),
    async dryRun(object) {
      const { apiVersion, kind, metadata } = object;
      const plural = plurals[kind];
      const [group = "", version] = apiVersion.split("/");
      const body = withNamespace(object);
      if (version === undefined || plural === undefined) {
        await inTime(anything.patch(body, undefined, "All", fieldManager, true, PatchStrategy.ServerSideApply));
        return;
      }
      // As it is written: the library would drop the fields that it does not know, and the server is to say so.
      const place = { group, version, namespace: metadata.namespace ?? "default", plural, name: metadata.name };
      const how = { dryRun: "All", fieldManager, fieldValidation: "Strict", force: true };
      await inTime(
        objects.patchNamespacedCustomObject({ ...place, body, ...how }, setHeaderOptions("Content-Type", PatchStrategy.ServerSideApply)),
      );
    },
    list: async (resource, namespace, labelSelector) =>
      listSchema.parse(await inTime(objects.listNamespacedCustomObject({ ...resource, namespace, labelSelector }))).items,
  };
}

/** What a server calls the kinds that Slipway writes, which its library does not say. */
const plurals: Readonly<Record<string, string>> = {
  Canary: "canaries",
  Deployment: "deployments",
  Experiment: "experiments",
  HTTPRoute: "httproutes",
  HorizontalPodAutoscaler: "horizontalpodautoscalers",
  InferencePool: "inferencepools",
  InferenceService: "inferenceservices",
  Model: "models",
  Rollout: "rollouts",
  ScaledObject: "scaledobjects",
};

/** The owner of the fields in a dry run; GitOps tools apply the real manifests under names of their own. */
const fieldManager = "slipway";

function withNamespace({ metadata, ...object }: KubernetesObject) {
  const { namespace, ...rest } = metadata;
  return { ...object, metadata: { ...rest, ...(namespace !== undefined && { namespace }) } };
}

function inTime(answer: Promise<unknown>): Promise<unknown> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${patience / 1000} s`)), patience);
  return Promise.race([answer, late.promise]).finally(() => clearTimeout(timer));
}

/** A token sent in the clear is everybody's. */
export function checkServer(server: string | undefined): void {
  if (server === undefined) throw new RangeError("name the Kubernetes API server or a kubeconfig file");
  const { protocol, hostname } = new URL(server);
  if (protocol !== "https:" && !["127.0.0.1", "localhost", "[::1]"].includes(hostname)) {
    throw new RangeError(`the Kubernetes API is reached over https, not by ${protocol}//${hostname}`);
  }
}
