import { z } from "zod";
import { type ModelName, type VersionRef, versionRefSchema } from "#domain/model/names.ts";

/** One document of a manifest file, parsed. */
export interface ManifestDocument {
  readonly path: string;
  readonly value: unknown;
}

export type Adoptable =
  | { readonly kind: "adoptable"; readonly version: VersionRef }
  /** What is missing or wrong, and what to do about it. */
  | { readonly kind: "refused"; readonly reason: string };

const annotations = { version: "slipway.dev/version", digest: "slipway.dev/digest" } as const;

const annotatedSchema = z.looseObject({
  kind: z.enum(["Deployment", "Rollout", "InferenceService", "Model"]),
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).default({}) }),
});

const valuesSchema = z.looseObject({
  slipway: z.looseObject({ versions: z.array(z.looseObject({ version: z.string(), digest: z.string() })) }),
});

/** The one version that a model's manifests say is served: what `slipway adopt` may record as live and verified. */
export function adoptableVersion(model: ModelName, documents: readonly ManifestDocument[]): Adoptable {
  const found = documents.flatMap(({ path, value }) => {
    const inValues = valuesSchema.safeParse(value).data?.slipway.versions;
    if (inValues !== undefined) return inValues.map(({ version, digest }) => ({ path, version, digest }));
    const deployment = annotatedSchema.safeParse(value);
    if (!deployment.success) return [];
    const { [annotations.version]: version, [annotations.digest]: digest } = deployment.data.metadata.annotations;
    return version === undefined && digest === undefined ? [] : [{ path, version, digest }];
  });
  const [first] = found;
  if (first === undefined) {
    return refused(
      `no Deployment of ${model} has the annotations ${annotations.version} and ${annotations.digest}: add them, or name both by flags`,
    );
  }
  const distinct = new Set(found.map(({ version, digest }) => JSON.stringify([version, digest])));
  if (distinct.size > 1) {
    const list = found.map(({ path, version, digest }) => `${version ?? "no version"} ${digest ?? "no digest"} in ${path}`).join("; ");
    return refused(
      `the manifests of ${model} serve ${distinct.size} versions (${list}): only one can be adopted; remove the others, or name one by flags`,
    );
  }
  const parsed = versionRefSchema.safeParse({ version: first.version, digest: first.digest });
  if (parsed.success) return { kind: "adoptable", version: parsed.data };
  const problems = parsed.error.issues.map(
    (issue) => `${annotations[issue.path[0] === "digest" ? "digest" : "version"]}: ${issue.message}`,
  );
  return refused(`the annotations in ${first.path} cannot be used: ${problems.join("; ")}`);
}

function refused(reason: string): Adoptable {
  return { kind: "refused", reason };
}
