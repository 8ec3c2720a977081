import { CORE_SCHEMA, loadAll } from "js-yaml";
import { z } from "zod";

const digests = z.looseObject({ "slipway.dev/digest": z.string() });
const metadata = z.looseObject({
  name: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
});
const object = z.looseObject({ kind: z.string(), metadata, spec: z.record(z.string(), z.unknown()).optional() });
const weighted = z.array(z.looseObject({ name: z.string(), weight: z.number() }));
const routeSpec = z.looseObject({ rules: z.tuple([z.looseObject({ backendRefs: weighted })]) });
const predictorSpec = z.looseObject({ annotations: digests, canaryTrafficPercent: z.number().optional() });
const serviceSpec = z.looseObject({
  predictor: predictorSpec,
  canary: z.array(z.looseObject({ trafficPercent: z.number(), predictor: predictorSpec })).default([]),
});
const valuesSchema = z.looseObject({
  slipway: z.looseObject({ versions: z.array(z.looseObject({ digest: z.string(), weight: z.number() })) }),
});

/**
 * Per cent of the traffic that a version gets where these files are applied to an empty cluster, by the rules of the programs that take
 * them. It knows nothing of Slipway's own code: weights are what an HTTPRoute or an Experiment says; shares of replicas are those of the
 * pods that one Service selects; of what a controller has never seen before it serves the one version that it finds.
 */
export function coldShare(texts: Iterable<string>, digest: string): number {
  const documents = [...texts].flatMap((text) => loadAll(text, { schema: CORE_SCHEMA }));
  const values = documents.flatMap((document) => valuesSchema.safeParse(document).data?.slipway.versions ?? []);
  if (values.length > 0)
    return shareOf(
      values.filter((each) => each.digest === digest),
      values,
    );
  const objects = documents.flatMap((document) => object.safeParse(document).data ?? []);
  const of = (kind: string) => objects.filter((each) => each.kind === kind);

  for (const service of of("InferenceService")) {
    const { predictor, canary } = serviceSpec.parse(service.spec);
    const beside = canary.map((each) => ({ digest: each.predictor.annotations["slipway.dev/digest"], weight: each.trafficPercent }));
    // canaryTrafficPercent counts against a revision in .status, and an empty cluster has none.
    const main = { digest: predictor.annotations["slipway.dev/digest"], weight: 100 - beside.reduce((sum, { weight }) => sum + weight, 0) };
    return shareOf(
      [main, ...beside].filter((each) => each.digest === digest),
      [main, ...beside],
    );
  }
  const named = new Set(
    objects.filter(({ metadata: { annotations } }) => annotations["slipway.dev/digest"] === digest).map(({ metadata: { name } }) => name),
  );
  for (const route of of("HTTPRoute")) {
    const { backendRefs } = routeSpec.parse(route.spec).rules[0];
    return shareOf(
      backendRefs.filter(({ name }) => named.has(name)),
      backendRefs,
    );
  }
  for (const experiment of of("Experiment")) {
    const candidates = weighted.parse(experiment.spec?.["candidates"]);
    return shareOf(
      candidates.filter(({ name }) => named.has(name)),
      candidates,
    );
  }
  const workloads = [...of("Deployment"), ...of("Rollout")].map(({ metadata: { annotations }, spec }) => ({
    digest: annotations["slipway.dev/digest"],
    weight: z.number().default(1).parse(spec?.["replicas"]),
  }));
  return shareOf(
    workloads.filter((each) => each.digest === digest),
    workloads,
  );
}

function shareOf(some: readonly { readonly weight: number }[], all: readonly { readonly weight: number }[]): number {
  const sum = (list: readonly { readonly weight: number }[]): number => list.reduce((total, { weight }) => total + weight, 0);
  return (100 * sum(some)) / sum(all);
}
