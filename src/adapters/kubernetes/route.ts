import { z } from "zod";
import type { Backend, Exposure } from "#domain/rollout/exposure.ts";
import { digestAnnotation, digestOf, readyIn, unknown, type Workload } from "./workload.ts";

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
const mirrorSchema = z.object({
  type: z.string(),
  requestMirror: z.object({ backendRef: z.object({ name: z.string() }), percent: z.number().default(100) }).optional(),
});
const ruleSchema = z.object({
  backendRefs: z.array(backendRefSchema).default([]),
  filters: z.array(mirrorSchema).default([]),
});

/** What we read of a `gateway.networking.k8s.io/v1` HTTPRoute; defaults are the API's own. */
export const routeSchema = z.object({
  metadata: z.object({ generation: z.number() }),
  spec: z.object({ parentRefs: z.array(parentRefSchema).default([]), rules: z.array(ruleSchema).default([]) }),
  status: z
    .object({ parents: z.array(z.object({ parentRef: parentRefSchema, conditions: z.array(conditionSchema).default([]) })).default([]) })
    .default({ parents: [] }),
});
export type Route = z.infer<typeof routeSchema>;

/** The weights of a route in per cent, by the names of its backends; or why they cannot be told. */
export function sharesOf(route: Route): readonly { readonly kind: string; readonly name: string; readonly weight: number }[] | string {
  const [rule, ...others] = route.spec.rules.map(({ backendRefs }) => backendRefs);
  if (rule === undefined || rule.length === 0) return "the HTTPRoute sends traffic to no backend";
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(rule))) return "the HTTPRoute's rules differ in their backends";
  const total = rule.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return "all weights of the HTTPRoute are 0";
  return rule.map(({ kind, name, weight }) => ({ kind, name, weight: (weight * 100) / total }));
}

/** Service or pool, backend and workload of a version share one name. What cannot be told for certain is unknown, never a guess. */
export function exposureOf(route: Route, workloads: readonly Workload[]): Exposure {
  const shares = sharesOf(route);
  if (typeof shares === "string") return unknown(shares);
  const backends: Backend[] = [];
  for (const { kind, name, weight } of shares) {
    const known = kind === "Service" || kind === "InferencePool";
    const workload = known ? workloads.find(({ metadata }) => metadata.name === name) : undefined;
    if (workload === undefined) return unknown(`no workload stands behind the backend ${name}`);
    const digest = digestOf(workload);
    if (digest === undefined) return unknown(`the workload ${name} has no annotation ${digestAnnotation} with a digest`);
    const mirrored = mirroredTo(route, name);
    backends.push({ digest, weight, ready: readyIn(workload), wanted: workload.spec.replicas, ...(mirrored > 0 && { mirrored }) });
  }
  return { kind: "seen", accepted: isAccepted(route), backends };
}

/** The least share of the requests that every rule copies to a backend. */
function mirroredTo({ spec }: Route, name: string): number {
  const shares = spec.rules.map(({ filters }) => {
    const mirror = filters.find(({ requestMirror }) => requestMirror?.backendRef.name === name)?.requestMirror;
    return mirror?.percent ?? 0;
  });
  return Math.min(...shares);
}

/** Every gateway that the route names took it, as it is now, and found its backends. */
export function isAccepted({ metadata, spec, status }: Route): boolean {
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
