import { z } from "zod";
import { type Digest, digestSchema } from "#domain/model/names.ts";
import type { Backend, Exposure } from "#domain/rollout/exposure.ts";

const conditionSchema = z.object({ type: z.string(), status: z.string(), observedGeneration: z.number().optional() });
const parentRefSchema = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  sectionName: z.string().optional(),
  port: z.number().optional(),
});
const backendRefSchema = z.object({
  kind: z.string().default("Service"),
  name: z.string(),
  weight: z.number().int().nonnegative().default(1),
});

/** What we read of a `gateway.networking.k8s.io/v1` HTTPRoute; defaults are the API's own. */
export const routeSchema = z.object({
  metadata: z.object({ generation: z.number() }),
  spec: z.object({
    parentRefs: z.array(parentRefSchema).default([]),
    rules: z.array(z.object({ backendRefs: z.array(backendRefSchema).default([]) })).default([]),
  }),
  status: z
    .object({ parents: z.array(z.object({ parentRef: parentRefSchema, conditions: z.array(conditionSchema).default([]) })).default([]) })
    .default({ parents: [] }),
});
export type Route = z.infer<typeof routeSchema>;

/** What we read of an `apps/v1` Deployment. */
export const deploymentSchema = z.object({
  metadata: z.object({ name: z.string(), generation: z.number().default(0), annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z.object({ replicas: z.number().int().nonnegative().default(1) }),
  status: z.object({ observedGeneration: z.number().default(0), readyReplicas: z.number().int().nonnegative().default(0) }).default({
    observedGeneration: 0,
    readyReplicas: 0,
  }),
});
export type Deployment = z.infer<typeof deploymentSchema>;

const digestAnnotation = "slipway.dev/digest";

/** Service, backend and Deployment of a version share one name. What cannot be told for certain is unknown, never a guess. */
export function exposureOf(route: Route, deployments: readonly Deployment[]): Exposure {
  const [rule, ...others] = route.spec.rules.map(({ backendRefs }) => backendRefs);
  if (rule === undefined || rule.length === 0) return unknown("the HTTPRoute sends traffic to no backend");
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(rule)))
    return unknown("the HTTPRoute's rules differ in their backends");
  const total = rule.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return unknown("all weights of the HTTPRoute are 0");

  const backends: Backend[] = [];
  for (const { kind, name, weight } of rule) {
    const deployment = kind === "Service" ? deployments.find(({ metadata }) => metadata.name === name) : undefined;
    if (deployment === undefined) return unknown(`no Deployment stands behind the backend ${name}`);
    const digest = digestOf(deployment);
    if (digest === undefined) return unknown(`the Deployment ${name} has no annotation ${digestAnnotation} with a digest`);
    backends.push({ digest, weight: (weight * 100) / total, ready: readyIn(deployment), wanted: deployment.spec.replicas });
  }
  return { kind: "seen", accepted: isAccepted(route), backends };
}

export function unknown(reason: string): Exposure {
  return { kind: "unknown", reason };
}

function digestOf(deployment: Deployment): Digest | undefined {
  return digestSchema.safeParse(deployment.metadata.annotations[digestAnnotation]).data;
}

/** A status of an older generation speaks of pods that may be on their way out. */
function readyIn({ metadata, status }: Deployment): number {
  return status.observedGeneration < metadata.generation ? 0 : status.readyReplicas;
}

/** Every gateway that the route names took it, as it is now, and found its backends. */
function isAccepted({ metadata, spec, status }: Route): boolean {
  const parents = spec.parentRefs.every((wanted) => status.parents.some(({ parentRef }) => samePlace(wanted, parentRef)));
  return (
    parents &&
    status.parents.length > 0 &&
    status.parents.every(({ conditions }) => {
      const accepted = conditions.find(({ type }) => type === "Accepted");
      const resolved = conditions.find(({ type }) => type === "ResolvedRefs");
      return accepted?.status === "True" && accepted.observedGeneration === metadata.generation && resolved?.status !== "False";
    })
  );
}

type ParentRef = z.infer<typeof parentRefSchema>;

/** A gateway writes the namespace in even where the route leaves it out. */
function samePlace(wanted: ParentRef, seen: ParentRef): boolean {
  const namespaces = wanted.namespace === undefined || seen.namespace === undefined || wanted.namespace === seen.namespace;
  return namespaces && wanted.name === seen.name && wanted.sectionName === seen.sectionName && wanted.port === seen.port;
}
