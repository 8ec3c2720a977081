import type { Digest } from "#domain/model/names.ts";
import type { PreflightFinding } from "./report.ts";

/** One arm's file, by its digest and by that of the artifact whose it says it is. */
export type ArmFile = { readonly file: Digest | null; readonly artifact: Digest | null };

/** Two artifacts whose files are the same bytes: one of the files was probably not made by its model. */
export function staleScores(
  what: string,
  candidate: ArmFile,
  baseline: ArmFile | null,
  identical: "refused" | "allowed",
): readonly PreflightFinding[] {
  if (baseline === null || candidate.file === null || candidate.file !== baseline.file) return [];
  if (identical === "allowed" || candidate.artifact === baseline.artifact) return [];
  const message = `The files of ${what} of the two arms are the same bytes, though the artifacts differ: one of them was probably not made by its model. Make them again, or set evaluation.identical: allowed.`;
  return [{ code: "stale-predictions", verdict: "error", message }];
}
