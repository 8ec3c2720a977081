import type { FileLocation } from "#domain/evaluation/file-location.ts";
import type { PreflightFinding, Report } from "#domain/evaluation/report.ts";
import type { Digest } from "#domain/model/names.ts";
import { capital } from "#domain/text/capital.ts";
import type { InputFile } from "#ports/evaluation-engine.ts";
import type { Workspace } from "#ports/workspace.ts";

/** A file with its digest, or the reason why there is none. */
export type Found =
  | {
      readonly file: InputFile;
      /** All parts of one table, where a pattern fits several files. */
      readonly parts?: readonly InputFile[];
      readonly digest: Digest;
      readonly problem?: undefined;
    }
  | { readonly file?: undefined; readonly parts?: undefined; readonly digest?: undefined; readonly problem: PreflightFinding };

export interface Wanted {
  readonly what: string;
  readonly written: string;
  /** How the codes of its findings begin. */
  readonly code: "predictions" | "labels" | "catalogue" | "artifact" | "benchmark" | "training-units" | "scores" | "judged-by";
  readonly whenMissing: "no-data" | "error";
}

type Supplied = Report["inputs"]["predictions"];

/** Both arms' files as a report names them: null, with the reason, where there is none. */
export function supplied(candidate: Found, baseline: Found | null): Supplied {
  const why = {
    ...(baseline === null ? { baseline: "no-baseline" } : whyNone("baseline", baseline)),
    ...whyNone("candidate", candidate),
  };
  return { baseline: suppliedFile(baseline), candidate: suppliedFile(candidate), ...(Object.keys(why).length > 0 && { why }) };
}

function suppliedFile(found: Found | null): Supplied["candidate"] {
  return found?.digest === undefined ? null : { digest: found.digest, by: "supplied" };
}

/** Why a file that was looked for has no digest, under the name of the field that is null for it. */
export function whyNone(field: string, found: Found): Readonly<Record<string, string>> {
  return found.problem === undefined ? {} : { [field]: found.problem.code };
}

/** Finds a file in the first of the trees that has it. */
export async function findFile(
  trees: readonly Workspace[],
  location: FileLocation,
  { what, written, code, whenMissing }: Wanted,
): Promise<Found> {
  if (location.kind === "refused") return refused(code, `${what} cannot be read from ${JSON.stringify(written)}: ${location.reason}.`);
  if (location.kind === "remote") {
    const message = `${capital(what)} lie at ${location.uri}, and this version of Slipway reads files of the repository only: commit them, or name a path.`;
    return { problem: { code: "remote-not-supported", verdict: "no-data", message } };
  }
  for (const tree of trees) {
    const found = await tree.locate(location.path);
    if (found.kind === "refused") return refused(code, `${what} cannot be read from ${location.path}: ${found.reason}.`);
    if (found.kind === "file") return { file: { path: found.file, name: location.path }, digest: await tree.digest(found.file) };
  }
  const message = `There is no file ${location.path} (${what}). Make it, or correct its location in model.yaml.`;
  return { problem: { code: `${code}-missing`, verdict: whenMissing, message } };
}

export function refused(code: Wanted["code"], message: string): { readonly problem: PreflightFinding } {
  return { problem: { code: `${code}-refused`, verdict: "error", message: capital(message) } };
}
