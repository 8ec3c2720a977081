import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Writes a file so that it is there whole, or is as it was before. */
export async function writeWholeFile(path: string, content: string): Promise<void> {
  const unfinished = `${path}.${randomUUID()}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(unfinished, content, { flag: "wx" });
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Somebody else's files lie where we were told to write. */
export class FolderNotOurs extends Error {
  override readonly name = "FolderNotOurs";
}

/**
 * Writes a folder of files so that it is there with all of them, or is as it was before.
 *
 * @param isOurs whether a file of that name may be replaced: an earlier run's, and nobody else's
 */
export async function writeWholeFolder(path: string, files: ReadonlyMap<string, string>, isOurs: (name: string) => boolean): Promise<void> {
  const foreign = (await namesIn(path)).find((name) => !isOurs(name));
  if (foreign !== undefined)
    throw new FolderNotOurs(`${path} holds ${foreign}, which Slipway did not write: name another folder, or empty this one`);
  const unfinished = `${path}.${randomUUID()}.partial`;
  const replaced = `${path}.${randomUUID()}.replaced`;
  try {
    await mkdir(unfinished, { recursive: true });
    for (const [name, content] of files) await writeFile(join(unfinished, name), content, { flag: "wx" });
    await rename(path, replaced).catch(ifAbsent);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
    await rm(replaced, { recursive: true, force: true });
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(ifAbsent)) ?? [];
}

function ifAbsent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
