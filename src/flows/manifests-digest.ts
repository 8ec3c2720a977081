import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { manifestViews } from "#domain/manifest/manifests.ts";
import { targetProblems } from "#domain/manifest/target-problems.ts";
import type { ModelDefinition } from "#domain/model/model-definition.ts";
import { type Digest, digestSchema, type EnvironmentName } from "#domain/model/names.ts";
import { namespaceOf } from "#domain/policy/environments.ts";
import type { Policy } from "#domain/policy/policy.ts";
import type { Templates } from "#ports/templates.ts";
import { templateOverrides } from "./release-change.ts";

/** SHA-256 of the manifests that would serve a version alone, in the order of their files: what people approve beside the artifact. Null without a rollout that can be carried out. */
export function manifestsDigest(templates: Templates, of: ManifestsOf): Digest | null {
  const files = manifestsAlone(templates, of);
  return files && digestSchema.parse(`sha256:${bytesToHex(sha256(utf8ToBytes(JSON.stringify(files))))}`);
}

/** Name and text of each manifest that would serve a version alone; null without a rollout that its target can carry out. */
export function manifestsAlone(
  templates: Templates,
  { definition, environment, policy, snapshot }: ManifestsOf,
): readonly (readonly [file: string, text: string])[] | null {
  const { name, version, artifact, rollout } = definition;
  if (rollout === undefined || targetProblems(rollout).length > 0) return null;
  const views = manifestViews({
    environment,
    namespace: namespaceOf(policy, environment),
    model: name,
    rollout: { ...rollout, steps: rollout.steps ?? [] },
    release: null,
    candidate: { version, digest: artifact.digest, artifact: artifact.uri, weight: 100 },
    stable: null,
  });
  const overrides = templateOverrides(snapshot);
  return views.map(({ file, template, view }) => [file, templates.render(template, view, overrides)]);
}

export interface ManifestsOf {
  /** The definition that judges the version. */
  readonly definition: ModelDefinition;
  readonly environment: EnvironmentName;
  readonly policy: Policy;
  readonly snapshot: EnvironmentsSnapshot;
}
