import type { FileLocation } from "#domain/evaluation/file-location.ts";
import { remoteLocation, type WrittenBy } from "#domain/evaluation/remote-location.ts";
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

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
