import { readdir, readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Documents, NamedDocument } from "#ports/documents.ts";

const largestText = 1024 * 1024;

/** Paths as the person wrote them, so that messages show them the same way. */
export function localDocuments(workingFolder: string): Documents {
  return {
    read: async (paths) => {
      const found: NamedDocument[] = [];
      for (const path of paths) found.push(...(await readNamed(workingFolder, path)));
      return found;
    },
  };
}

async function readNamed(workingFolder: string, path: string): Promise<readonly NamedDocument[]> {
  const status = await stat(absolute(workingFolder, path)).catch(() => undefined);
  if (status === undefined) return [unreadable(path, "there is no such file or folder")];
  if (!status.isDirectory()) return [await readOne(workingFolder, path)];
  const below = await filesOf(workingFolder, path);
  if (below.length === 0) return [unreadable(path, "there is no model.yaml, slipway.yaml or .slipway/policy.yaml in this folder")];
  return Promise.all(below.map((file) => readOne(workingFolder, file)));
}

/** What Slipway reads of a folder: a model's own file, or those of a whole model or environments repository. */
async function filesOf(workingFolder: string, folder: string): Promise<readonly string[]> {
  const here = (path: string): string => (folder === "." ? path : `${folder.replace(/\/+$/, "")}/${path}`);
  const models = await readdir(absolute(workingFolder, here("models")), { withFileTypes: true }).catch(() => []);
  const candidates = [
    "model.yaml",
    "slipway.yaml",
    ".slipway/policy.yaml",
    ...models.filter((entry) => entry.isDirectory()).map(({ name }) => `models/${name}/model.yaml`),
  ].map(here);
  const there = await Promise.all(
    candidates.map((path) =>
      stat(absolute(workingFolder, path)).then(
        (status) => status.isFile(),
        () => false,
      ),
    ),
  );
  return candidates.filter((_, index) => there[index]);
}

async function readOne(workingFolder: string, path: string): Promise<NamedDocument> {
  try {
    const bytes = await readFile(absolute(workingFolder, path));
    if (bytes.byteLength > largestText) return unreadable(path, `it has ${bytes.byteLength} bytes, more than ${largestText}`);
    return { kind: "text", path, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    return unreadable(path, error instanceof TypeError ? "it is not UTF-8 text" : "it cannot be read");
  }
}

function absolute(workingFolder: string, path: string): string {
  return resolve(workingFolder, path);
}

function unreadable(path: string, reason: string): NamedDocument {
  return { kind: "unreadable", path, reason };
}
