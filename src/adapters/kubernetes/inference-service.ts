import { z } from "zod";
import type { Backend, Exposure } from "#domain/rollout/exposure.ts";
import { digestIn, podDigestOf, readyIn, unknown, type Workload } from "./workload.ts";

const predictorSchema = z.object({ annotations: z.record(z.string(), z.string()).default({}) });

/** What we read of a `serving.kserve.io/v1beta1` InferenceService. */
export const inferenceServiceSchema = z.object({
  metadata: z.object({ generation: z.number() }),
  spec: z.object({
    predictor: predictorSchema,
    canary: z.array(z.object({ trafficPercent: z.number(), predictor: predictorSchema })).default([]),
  }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      components: z
        .object({
          predictor: z
            .object({
              latestCreatedRevision: z.string().optional(),
              latestReadyRevision: z.string().optional(),
              traffic: z
                .array(
                  z.object({
                    latestRevision: z.boolean().default(false),
                    revisionName: z.string().optional(),
                    percent: z.number().default(0),
                  }),
                )
                .default([]),
            })
            .prefault({}),
        })
        .prefault({}),
    })
    .prefault({}),
});
type InferenceService = z.infer<typeof inferenceServiceSchema>;

/** Standard mode: each predictor has a Deployment, whose pods carry its annotations; the weights are those of the spec once it is ready. */
export function predictorsExposure(service: InferenceService, workloads: readonly Workload[]): Exposure {
  const { predictor, canary } = service.spec;
  const beside = canary.map(({ trafficPercent, predictor: { annotations } }) => ({ weight: trafficPercent, annotations }));
  const main = { weight: 100 - beside.reduce((sum, { weight }) => sum + weight, 0), annotations: predictor.annotations };
  const backends: Backend[] = [];
  for (const { weight, annotations } of [main, ...beside]) {
    const digest = digestIn(annotations);
    if (digest === undefined) return unknown("a predictor of the InferenceService has no digest");
    const workload = workloads.find((each) => podDigestOf(each) === digest);
    if (workload === undefined) return unknown(`no Deployment of the InferenceService runs ${digest}`);
    backends.push({ digest, weight, ready: readyIn(workload), wanted: workload.spec.replicas });
  }
  return { kind: "seen", accepted: isReady(service), backends };
}

/** Knative mode: the share of the newest revision, which counts once it is the one of this spec. The revision before it has no digest here. */
export function percentExposure(service: InferenceService): Exposure {
  const digest = digestIn(service.spec.predictor.annotations);
  if (digest === undefined) return unknown("the predictor of the InferenceService has no digest");
  const { latestCreatedRevision, latestReadyRevision, traffic } = service.status.components.predictor;
  if (traffic.length === 0) return unknown("the InferenceService does not say yet where its traffic goes");
  const newest = traffic.find(({ latestRevision, revisionName }) => latestRevision || revisionName === latestCreatedRevision);
  const ready = latestCreatedRevision !== undefined && latestCreatedRevision === latestReadyRevision ? 1 : 0;
  return { kind: "seen", accepted: isReady(service), backends: [{ digest, weight: newest?.percent ?? 0, ready, wanted: 1 }] };
}

function isReady({ metadata, status }: InferenceService): boolean {
  return (
    status.observedGeneration >= metadata.generation && status.conditions.some(({ type, status: is }) => type === "Ready" && is === "True")
  );
}
