import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { FileLocation } from "#domain/evaluation/file-location.ts";
import { isPattern } from "#domain/evaluation/path-pattern.ts";
import { remoteLocation, type WrittenBy } from "#domain/evaluation/remote-location.ts";
import { digestSchema } from "#domain/model/names.ts";
import { capital } from "#domain/text/capital.ts";
import type { InputFile } from "#ports/evaluation-engine.ts";
import type { RemoteSources } from "#ports/remote-sources.ts";
import type { Workspace } from "#ports/workspace.ts";
import { type Found, findFile, refused, type Wanted } from "./find-file.ts";

/** Where data outside of the trees is read from, and below which prefixes a head may choose. */
export type RemoteAccess = { readonly sources: RemoteSources; readonly prefixes: readonly string[] };

/** Finds a file of the trees, or data elsewhere where that was allowed. */
export async function findInput(
  remote: RemoteAccess | undefined,
  trees: readonly Workspace[],
  location: FileLocation,
  wanted: Wanted & { readonly by: WrittenBy },
): Promise<Found> {
  if (location.kind === "in-tree" && isPattern(location.path)) return findParts(trees, location.path, wanted);
  if (location.kind !== "remote" || remote === undefined) return findFile(trees, location, wanted);
  const { what, code, whenMissing, by } = wanted;
  const allowed = remoteLocation(location.uri, by, remote.prefixes);
  if (allowed.kind === "refused") return refused(code, `${what} cannot be read from ${JSON.stringify(location.uri)}: ${allowed.reason}.`);
  const located = await remote.sources.locate(allowed.uri);
  switch (located.kind) {
    case "found":
      return { file: located.file, digest: located.digest };
    case "missing": {
      const message = `There is nothing at ${allowed.uri} (${what}). Make it, or correct its location in model.yaml.`;
      return { problem: { code: `${code}-missing`, verdict: whenMissing, message } };
    }
    case "refused":
      return {
        problem: {
          code: located.code,
          verdict: "error",
          message: `${capital(what)} cannot be read from ${allowed.uri}: ${located.reason}`,
        },
      };
  }
}

/** The files of the first tree that has any, as one table; its digest is of their paths and digests, so that none comes or goes unseen. */
async function findParts(trees: readonly Workspace[], pattern: string, { what, code, whenMissing }: Wanted): Promise<Found> {
  for (const tree of trees) {
    const found = await tree.matching(pattern);
    if (found.kind === "refused") return refused(code, `${what} cannot be read from ${pattern}: ${found.reason}.`);
    const [first] = found.files;
    if (first === undefined) continue;
    const lines: string[] = [];
    for (const { path, file } of found.files) lines.push(`${await tree.digest(file)} ${path}\n`);
    const digest = digestSchema.parse(`sha256:${bytesToHex(sha256(utf8ToBytes(lines.join(""))))}`);
    const parts = found.files.map(({ path, file }) => ({ path: file, name: path }));
    return { file: { path: first.file, name: first.path }, parts, digest };
  }
  const message = `There is no file ${pattern} (${what}). Make one, or correct the pattern in model.yaml.`;
  return { problem: { code: `${code}-missing`, verdict: whenMissing, message } };
}

/** The files that were found. */
export function filesOf({ file, parts }: Found): readonly InputFile[] {
  return parts ?? (file === undefined ? [] : [file]);
}
