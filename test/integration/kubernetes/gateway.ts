import { z } from "zod";
import type { Kubelab } from "./kubelab.ts";

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

/** What a gateway's controller does with every route that it has not seen: takes it, and says so. Traffic is not its business here. */
export async function acceptRoutes(lab: Kubelab, namespace: string): Promise<void> {
  const { items } = routesSchema.parse(JSON.parse(lab.kubectl(["get", "httproutes", "--namespace", namespace, "--output", "json"])));
  for (const { metadata, spec, status } of items) {
    const seen = status?.parents.every(({ conditions }) => conditions.every((each) => each.observedGeneration === metadata.generation));
    if (status !== undefined && status.parents.length === spec.parentRefs.length && seen === true) continue;
    const condition = (type: string) => ({
      type,
      status: "True",
      reason: type,
      message: "",
      observedGeneration: metadata.generation,
      lastTransitionTime: new Date().toISOString(),
    });
    const parents = spec.parentRefs.map((parentRef) => ({
      parentRef,
      controllerName: "example.com/gateway",
      conditions: [condition("Accepted"), condition("ResolvedRefs")],
    }));
    const patch = JSON.stringify({ status: { parents } });
    lab.kubectl(["patch", "httproute", metadata.name, "--namespace", namespace, "--subresource=status", "--type=merge", "--patch", patch]);
  }
}
