import { helmValues } from "./helm-values.ts";
import { kustomizationOf } from "./kustomization.ts";
import { servedVersions } from "./served-versions.ts";
import type { ManifestInput, ManifestView } from "./target.ts";
import { targets } from "./targets.ts";
import { weightProblem } from "./weight-problem.ts";

/** The candidate's manifests, and what splits the traffic, as the rollout's target and output want them. */
export function manifestViews(input: ManifestInput): readonly ManifestView[] {
  const problem = weightProblem(servedVersions(input));
  if (problem !== undefined) throw new UnsafeWeights(problem);
  if (input.rollout.output === "helm") return [helmValues(input)];
  const views = targets[input.rollout.target].views(input);
  return input.rollout.output === "kustomize" ? [...views, kustomizationOf(input, views)] : views;
}

/** Asked for weights that would not be safe to apply; a fault of the caller, which must not reach Git. */
export class UnsafeWeights extends Error {
  override readonly name = "UnsafeWeights";
}
