import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { byBytes } from "#domain/evaluation/by-bytes.ts";
import { mostParts, nameFits } from "#domain/evaluation/path-pattern.ts";
import { type Digest, digestSchema } from "#domain/model/names.ts";
import type { LocatedFile, MatchingFiles, TextOfFile, Workspace } from "#ports/workspace.ts";

/** A definition is some kilobytes; what is larger is no definition. */
const largestText = 1024 * 1024;

/** A tree in a folder. The folder itself may be reached by a link: who runs us chose it. */
export function localWorkspace(root: string): Workspace {
  const locate = (path: string): Promise<LocatedFile> => locateBelow(root, path);
  return {
    locate,
    matching: (pattern) => filesMatching(root, pattern),
    digest: digestOfFile,
    size: async (file) => (await lstat(file)).size,
    text: async (path) => {
      const located = await locate(path);
      return located.kind === "file" ? textOf(located.file) : located;
    },
  };
}

/** Every step of the way is looked at: a link in the middle leads out as well as one at the end. */
async function locateBelow(root: string, path: string): Promise<LocatedFile> {
  const parts = path.split("/");
  const refused = refusalOf(parts);
  if (refused !== undefined) return refused;
  let file = root;
  for (const [index, part] of parts.entries()) {
    file = join(file, part);
    const status = await lstat(file).catch(ifAbsent);
    if (status === undefined) return { kind: "missing" };
    if (status.isSymbolicLink()) return { kind: "refused", reason: `${parts.slice(0, index + 1).join("/")} is a symbolic link` };
    if (index < parts.length - 1 && !status.isDirectory()) return { kind: "missing" };
    if (index === parts.length - 1 && !status.isFile())
      return { kind: "refused", reason: status.isDirectory() ? "it is a folder" : "it is no regular file" };
  }
  return { kind: "file", file };
}

async function filesMatching(root: string, pattern: string): Promise<MatchingFiles> {
  const parts = pattern.split("/");
  const refused = refusalOf(parts);
  if (refused !== undefined) return refused;
  let folders: readonly string[] = [""];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const found: string[] = [];
    for (const folder of folders) {
      const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(ifAbsent);
      for (const entry of entries ?? [])
        if (nameFits(part, entry.name) && (isLast ? entry.isFile() : entry.isDirectory()))
          found.push(folder === "" ? entry.name : `${folder}/${entry.name}`);
    }
    if (found.length > mostParts) return { kind: "refused", reason: `it fits ${found.length} names, more than ${mostParts}` };
    folders = found;
  }
  return { kind: "files", files: folders.toSorted(byBytes).map((path) => ({ path, file: join(root, path) })) };
}

function refusalOf(parts: readonly string[]): { readonly kind: "refused"; readonly reason: string } | undefined {
  if (parts.some((part) => part === "" || part === "." || part === ".." || part.includes("\0")))
    return { kind: "refused", reason: "it is no plain path below the root of the repository" };
  return parts[0]?.toLowerCase() === ".git" ? { kind: "refused", reason: "it lies in .git" } : undefined;
}

async function textOf(file: string): Promise<TextOfFile> {
  const { size } = await lstat(file);
  if (size > largestText) return { kind: "refused", reason: `it has ${size} bytes, more than ${largestText}` };
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file)) };
  } catch (error) {
    if (error instanceof TypeError) return { kind: "refused", reason: "it is not UTF-8 text" };
    throw error;
  }
}

async function digestOfFile(file: string): Promise<Digest> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return digestSchema.parse(`sha256:${hash.digest("hex")}`);
}

function ifAbsent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
  throw error;
}
