import { fileLocation } from "#domain/evaluation/file-location.ts";
import type { PreflightFinding } from "#domain/evaluation/report.ts";
import type { ModelDefinition } from "#domain/model/model-definition.ts";
import type { Workspace } from "#ports/workspace.ts";
import { refused } from "./find-file.ts";

export interface Artifact {
  readonly state: "verified" | "declared";
  /** In bytes, where the file is there and is what it says. */
  readonly size: number | null;
  readonly problem?: PreflightFinding;
}

/** Whether the artifact's file is the one that the definition declares, as far as it lies in the tree. */
export async function artifactOf(tree: Workspace, { artifact }: Pick<ModelDefinition, "artifact">, folder: string): Promise<Artifact> {
  const location = fileLocation(artifact.uri, folder);
  if (location.kind !== "in-tree") return { state: "declared", size: null };
  const found = await tree.locate(location.path);
  if (found.kind === "missing") return { state: "declared", size: null };
  if (found.kind === "refused")
    return { state: "declared", size: null, ...refused("artifact", `the artifact cannot be read from ${location.path}: ${found.reason}.`) };
  const digest = await tree.digest(found.file);
  if (digest === artifact.digest) return { state: "verified", size: await tree.size(found.file) };
  const message = `${location.path} is not the artifact that model.yaml declares: it has ${digest}, declared is ${artifact.digest}. Correct artifact.digest, or put the right file there.`;
  return { state: "declared", size: null, problem: { code: "artifact-differs", verdict: "error", message } };
}
