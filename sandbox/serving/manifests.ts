import { loadAll } from "js-yaml";
import { z } from "zod";

const metadata = z.looseObject({
  name: z.string().min(1),
  namespace: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
});

const deploymentSchema = z.looseObject({
  apiVersion: z.literal("apps/v1"),
  kind: z.literal("Deployment"),
  metadata,
  spec: z.looseObject({
    replicas: z.int().min(0).max(4).default(1),
    selector: z.looseObject({ matchLabels: z.record(z.string(), z.string()) }),
    template: z.looseObject({ metadata: z.looseObject({ labels: z.record(z.string(), z.string()).default({}) }) }),
  }),
});
export type Deployment = z.infer<typeof deploymentSchema>;

const serviceSchema = z.looseObject({
  apiVersion: z.literal("v1"),
  kind: z.literal("Service"),
  metadata,
  spec: z.looseObject({ selector: z.record(z.string(), z.string()) }),
});
export type Service = z.infer<typeof serviceSchema>;

const backendReference = z.looseObject({ name: z.string().min(1), weight: z.int().min(0).max(1_000_000).default(1) });
const routeSchema = z.looseObject({
  apiVersion: z.literal("gateway.networking.k8s.io/v1"),
  kind: z.literal("HTTPRoute"),
  metadata,
  spec: z.looseObject({
    parentRefs: z.array(z.looseObject({ name: z.string() })).default([]),
    rules: z.array(z.looseObject({ backendRefs: z.array(backendReference).default([]) })).min(1),
  }),
});
export type HttpRoute = z.infer<typeof routeSchema>;

/** What one model's folder of the environments repository asks the cluster for. */
export type Manifests = {
  readonly deployments: readonly Deployment[];
  readonly services: readonly Service[];
  readonly routes: readonly HttpRoute[];
};

const typeSchema = z.looseObject({ apiVersion: z.string(), kind: z.string() });

/** Reads every document of every file; throws on the first that the cluster would refuse, naming the file. Other kinds are passed over. */
export function parseManifests(files: ReadonlyMap<string, string>): Manifests {
  const deployments: Deployment[] = [];
  const services: Service[] = [];
  const routes: HttpRoute[] = [];
  for (const [path, text] of files) {
    try {
      for (const document of loadAll(text).filter((each) => each !== null && each !== undefined)) {
        const { apiVersion, kind } = typeSchema.parse(document);
        if (apiVersion === "apps/v1" && kind === "Deployment") deployments.push(deploymentSchema.parse(document));
        if (apiVersion === "v1" && kind === "Service") services.push(serviceSchema.parse(document));
        if (apiVersion === "gateway.networking.k8s.io/v1" && kind === "HTTPRoute") routes.push(routeSchema.parse(document));
      }
    } catch (cause) {
      throw new Error(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
  return { deployments, services, routes };
}

export function selects(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}
