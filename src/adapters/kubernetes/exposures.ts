import { z } from "zod";
import type { ModelName } from "#domain/model/names.ts";
import type { Exposure } from "#domain/rollout/exposure.ts";
import type { TargetName } from "#domain/rollout/target-name.ts";
import type { KubernetesApi, Resource } from "./api.ts";
import { delegatedRolloutExposure, delegatedRolloutSchema } from "./delegated-rollout.ts";
import { flaggerExposure } from "./flagger.ts";
import { inferenceServiceSchema, percentExposure, predictorsExposure } from "./inference-service.ts";
import { replicaExposure } from "./replicas.ts";
import { exposureOf, routeSchema } from "./route.ts";
import { experimentExposure, experimentSchema, seldonModelSchema } from "./seldon.ts";
import { type Workload, workloadSchema } from "./workload.ts";

/** How one target's exposure is read. */
interface ExposureReader {
  /** The objects, for the message when they cannot be read. */
  what(model: ModelName): string;
  read(api: KubernetesApi, namespace: string, model: ModelName): Promise<Exposure>;
}

const routes: Resource = { group: "gateway.networking.k8s.io", version: "v1", plural: "httproutes" };
const deployments: Resource = { group: "apps", version: "v1", plural: "deployments" };
const rollouts: Resource = { group: "argoproj.io", version: "v1alpha1", plural: "rollouts" };
const inferenceServices: Resource = { group: "serving.kserve.io", version: "v1beta1", plural: "inferenceservices" };
const experiments: Resource = { group: "mlops.seldon.io", version: "v1alpha1", plural: "experiments" };
const seldonModels: Resource = { group: "mlops.seldon.io", version: "v1alpha1", plural: "models" };

const ofModel = (model: ModelName): string => `app.kubernetes.io/name=${model}`;

async function workloads(api: KubernetesApi, resource: Resource, namespace: string, selector: string): Promise<readonly Workload[]> {
  return z.array(workloadSchema).parse(await api.list(resource, namespace, selector));
}

/** An HTTPRoute over the workloads of each version. */
function routed(resource: Resource, kinds: string): ExposureReader {
  return {
    what: (model) => `HTTPRoute ${model} and its ${kinds}`,
    async read(api, namespace, model) {
      const [route, found] = await Promise.all([api.get(routes, namespace, model), workloads(api, resource, namespace, ofModel(model))]);
      return exposureOf(routeSchema.parse(route), found);
    },
  };
}

export const exposures: Readonly<Record<TargetName, ExposureReader>> = {
  "gateway-api": routed(deployments, "Deployments"),
  "inference-pool": routed(deployments, "Deployments"),
  "argo-rollouts": routed(rollouts, "Rollouts"),
  kserve: {
    what: (model) => `InferenceService ${model} and its Deployments`,
    async read(api, namespace, model) {
      const [service, found] = await Promise.all([
        api.get(inferenceServices, namespace, model),
        workloads(api, deployments, namespace, `serving.kserve.io/inferenceservice=${model}`),
      ]);
      return predictorsExposure(inferenceServiceSchema.parse(service), found);
    },
  },
  "kserve-percent": {
    what: (model) => `InferenceService ${model}`,
    read: async (api, namespace, model) =>
      percentExposure(inferenceServiceSchema.parse(await api.get(inferenceServices, namespace, model))),
  },
  "argo-rollouts-delegated": {
    what: (model) => `Rollout ${model}`,
    read: async (api, namespace, model) =>
      delegatedRolloutExposure(delegatedRolloutSchema.parse(await api.get(rollouts, namespace, model))),
  },
  flagger: {
    what: (model) => `HTTPRoute ${model} and the Deployments ${model} and ${model}-primary`,
    async read(api, namespace, model) {
      const [route, canary, primary] = await Promise.all([
        api.get(routes, namespace, model),
        api.get(deployments, namespace, model),
        api.get(deployments, namespace, `${model}-primary`),
      ]);
      return flaggerExposure(model, routeSchema.parse(route), workloadSchema.parse(canary), workloadSchema.parse(primary));
    },
  },
  seldon: {
    what: (model) => `Experiment ${model} and its Models`,
    async read(api, namespace, model) {
      const [experiment, models] = await Promise.all([
        api.get(experiments, namespace, model),
        api.list(seldonModels, namespace, ofModel(model)),
      ]);
      return experimentExposure(experimentSchema.parse(experiment), z.array(seldonModelSchema).parse(models));
    },
  },
  deployment: {
    what: (model) => `the Deployments of ${model}`,
    read: async (api, namespace, model) => replicaExposure(await workloads(api, deployments, namespace, ofModel(model))),
  },
};
