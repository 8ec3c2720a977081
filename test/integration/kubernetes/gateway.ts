import { CustomObjectsApi, KubeConfig, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { z } from "zod";

const routesSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), generation: z.number() }),
      spec: z.object({ parentRefs: z.array(z.looseObject({ name: z.string() })).default([]) }),
      status: z
        .object({
          parents: z.array(z.object({ conditions: z.array(z.object({ observedGeneration: z.number().optional() })) })).default([]),
        })
        .optional(),
    }),
  ),
});
const routes = { group: "gateway.networking.k8s.io", version: "v1", plural: "httproutes" } as const;

/** What a gateway's controller does with every route that it has not seen: takes it, and says so. Traffic is not its business here. */
export function gatewayOf(kubeconfig: string, namespace: string): { acceptRoutes(): Promise<void> } {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const objects = config.makeApiClient(CustomObjectsApi);
  return {
    async acceptRoutes() {
      const { items } = routesSchema.parse(await objects.listNamespacedCustomObject({ ...routes, namespace }));
      for (const { metadata, spec, status } of items) {
        const seen = status?.parents.every(({ conditions }) => conditions.every((each) => each.observedGeneration === metadata.generation));
        if (status !== undefined && status.parents.length === spec.parentRefs.length && seen === true) continue;
        const conditions = ["Accepted", "ResolvedRefs"].map((type) => ({
          type,
          status: "True",
          reason: type,
          message: "",
          observedGeneration: metadata.generation,
          lastTransitionTime: new Date().toISOString(),
        }));
        const parents = spec.parentRefs.map((parentRef) => ({ parentRef, controllerName: "example.com/gateway", conditions }));
        await objects.patchNamespacedCustomObjectStatus(
          { ...routes, namespace, name: metadata.name, body: { status: { parents } } },
          setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
        );
      }
    },
  };
}
