import { z } from "zod";
import { manifestsFolder } from "#domain/environment/paths.ts";
import type { EnvironmentState } from "#domain/environment/state.ts";
import { adoptableVersion, type ManifestDocument } from "#domain/manifest/adoptable.ts";
import { deploymentFile, routeFile, versionEnd, versionName } from "#domain/manifest/manifest-names.ts";
import { trafficFiles } from "#domain/manifest/target-files.ts";
import type { BlobId, EnvironmentName, ModelName, VersionRef } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import { modelRules } from "#domain/policy/model-rules.ts";
import { type Policy } from "#domain/policy/policy.ts";
import type { SchemaResult } from "#domain/text/parse-with-schema.ts";
import { printProblem } from "#domain/text/problem.ts";

/** What is known of a model that is served in an environment. */
export interface ServedModel {
  readonly environment: EnvironmentName;
  readonly model: ModelName;
  readonly state: SchemaResult<EnvironmentState> | undefined;
  /** Its manifests, parsed; or why one of them cannot be. */
  readonly documents: readonly ManifestDocument[] | { readonly reason: string };
  /** The files of its folder, by path. */
  readonly files: ReadonlyMap<string, BlobId>;
  /** The version that a person named; undefined to take what the manifests say. */
  readonly named: VersionRef | undefined;
}

export type Adoption =
  | { readonly kind: "adopt"; readonly state: EnvironmentState }
  | { readonly kind: "already"; readonly live: VersionRef }
  /** What is missing or wrong, and what to do about it. */
  | { readonly kind: "refused"; readonly reason: string };

/** Whether what serves a model may be recorded as live and verified: Slipway must be able to move its traffic, and to bring it back. */
export function adoption(served: ServedModel, policy: Policy, now: Instant): Adoption {
  const { environment, model, state, documents, files } = served;
  if (state?.kind === "ok") return { kind: "already", live: state.value.live };
  if (state?.kind === "invalid") return refused(`its state cannot be read: ${state.problems.map(printProblem).join("; ")}`);
  if (modelRules(policy, model) === undefined) return refused(`the policy names no model ${model}: add it to .slipway/policy.yaml first`);
  if ("reason" in documents) return refused(documents.reason);
  const adoptable = served.named === undefined ? adoptableVersion(model, documents) : { kind: "adoptable" as const, version: served.named };
  if (adoptable.kind === "refused") return adoptable;
  const { version } = adoptable;
  const folder = manifestsFolder(environment, model);
  const problem = servedOtherwise(folder, files)
    ? undefined
    : (routeProblem(folder, documents, model, version) ?? deploymentProblem(folder, documents, model, version));
  if (problem !== undefined) return refused(problem);
  return {
    kind: "adopt",
    state: {
      schema: "slipway/state/v1",
      environment,
      model,
      live: { ...version, since: now },
      verified: [{ ...version, release: null, at: now, files: Object.fromEntries([...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) }],
      release: null,
    },
  };
}

/** Objects that hold a version whole, and no HTTPRoute beside them: their annotations said all that there is to ask. */
function servedOtherwise(folder: string, files: ServedModel["files"]): boolean {
  return !files.has(`${folder}${routeFile}`) && trafficFiles.some((file) => files.has(`${folder}${file}`));
}

const routeSchema = z.looseObject({
  kind: z.literal("HTTPRoute"),
  spec: z.looseObject({
    rules: z
      .array(z.looseObject({ backendRefs: z.array(z.looseObject({ name: z.string(), weight: z.number().optional() })).default([]) }))
      .default([]),
  }),
});

const asWritten = "`slipway manifests` writes it";

function routeProblem(
  folder: string,
  documents: readonly ManifestDocument[],
  model: ModelName,
  { digest }: VersionRef,
): string | undefined {
  const path = `${folder}${routeFile}`;
  const route = documents.flatMap((document) => (document.path === path ? (routeSchema.safeParse(document.value).data ?? []) : []))[0];
  if (route === undefined) return `there is no HTTPRoute in ${path}, the one file in which Slipway moves traffic: ${asWritten}`;
  const backends = route.spec.rules.flatMap(({ backendRefs }) => backendRefs);
  const wanted = versionName(model, digest);
  const other = backends.find(({ name }) => name !== wanted)?.name;
  if (other !== undefined)
    return `${path} sends traffic to ${JSON.stringify(other)}, and the version's own Service is called ${JSON.stringify(wanted)}: ${asWritten}`;
  if (!backends.some(({ weight }) => weight === undefined || weight > 0))
    return `${path} sends no traffic to ${JSON.stringify(wanted)}: ${asWritten}`;
  return undefined;
}

const deploymentSchema = z.looseObject({ kind: z.enum(["Deployment", "Rollout"]), metadata: z.looseObject({ name: z.string() }) });

/** A release replaces and removes a version's file as a whole, so it must be alone in it and under its name. */
function deploymentProblem(
  folder: string,
  documents: readonly ManifestDocument[],
  model: ModelName,
  { digest }: VersionRef,
): string | undefined {
  const wanted = versionName(model, digest);
  const ownFile = (file: string): boolean => file.startsWith(folder) && file.endsWith(versionEnd(digest));
  const deployments = documents.flatMap((document) => {
    const parsed = deploymentSchema.safeParse(document.value);
    return parsed.success ? [{ path: document.path, name: parsed.data.metadata.name }] : [];
  });
  const path = deployments.find((each) => each.name === wanted && ownFile(each.path))?.path ?? `${folder}${deploymentFile(digest)}`;
  const other = deployments.find((deployment) => deployment.name !== wanted || deployment.path !== path);
  if (other !== undefined)
    return `the Deployment ${JSON.stringify(other.name)} lies in ${other.path}; Slipway keeps ${JSON.stringify(wanted)} in ${path}: ${asWritten}`;
  return deployments.length === 0 ? `there is no Deployment in ${path}: ${asWritten}` : undefined;
}

function refused(reason: string): Adoption {
  return { kind: "refused", reason };
}
