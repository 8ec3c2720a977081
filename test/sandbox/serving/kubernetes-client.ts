import { AppsV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";

const routeSchema = z.object({
  metadata: z.object({ generation: z.int(), annotations: z.record(z.string(), z.string()) }),
  spec: z.object({ rules: z.array(z.object({ backendRefs: z.array(z.object({ name: z.string(), weight: z.int() })) })) }),
  status: z.object({
    parents: z.array(
      z.object({
        conditions: z.array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string(),
            observedGeneration: z.int(),
            lastTransitionTime: z.iso.datetime(),
          }),
        ),
      }),
    ),
  }),
});
export type SeenRoute = z.infer<typeof routeSchema>;

/** The cluster as any program sees it through the official client. */
export function kubernetesClient(server: string, token: string) {
  const config = new KubeConfig();
  config.loadFromOptions({
    // The client refuses plain HTTP unless told not to verify TLS.
    clusters: [{ name: "sandbox", server, skipTLSVerify: true }],
    users: [{ name: "slipway", token }],
    contexts: [{ name: "sandbox", cluster: "sandbox", user: "slipway" }],
    currentContext: "sandbox",
  });
  const custom = config.makeApiClient(CustomObjectsApi);
  const apps = config.makeApiClient(AppsV1Api);
  const namespace = "production";
  return {
    deployments: async (labelSelector: string) => (await apps.listNamespacedDeployment({ namespace, labelSelector })).items,
    deployment: async (name: string) => apps.readNamespacedDeployment({ namespace, name }),
    route: async (name: string): Promise<SeenRoute> =>
      routeSchema.parse(
        await custom.getNamespacedCustomObject({
          group: "gateway.networking.k8s.io",
          version: "v1",
          namespace,
          plural: "httproutes",
          name,
        }),
      ),
  };
}

export function condition(route: SeenRoute, type: string) {
  return route.status.parents[0]?.conditions.find((each) => each.type === type);
}

export function weightsOf(route: SeenRoute): Record<string, number> {
  return Object.fromEntries(route.spec.rules[0]?.backendRefs.map(({ name, weight }) => [name, weight]) ?? []);
}
