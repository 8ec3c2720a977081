import { type BlobId, blobIdSchema, type CommitSha, commitShaSchema } from "#domain/model/names.ts";
import type { Git } from "./git.ts";
import { safeCommit, safePrefix } from "./safe-names.ts";

/** Regular files of a commit by path, all of them or those of a folder; symbolic links and submodules are no files. */
export async function listFiles(git: Git, commit: CommitSha, below: readonly string[] = []): Promise<ReadonlyMap<string, BlobId>> {
  const listed = await git.local(["ls-tree", "-r", "-z", "--full-tree", safeCommit(commit), "--", ...below.map(safePrefix)]);
  const files = new Map<string, BlobId>();
  for (const line of listed.split("\0")) {
    const [, id, path] = /^100\d{3} blob ([0-9a-f]{40})\t(.*)$/s.exec(line) ?? [];
    if (id !== undefined && path !== undefined) files.set(path, blobIdSchema.parse(id));
  }
  return files;
}

/** Commits as Git keeps them. */
export async function commitTexts(git: Git, commits: readonly CommitSha[]): Promise<readonly string[]> {
  const found = await batch(git, commits.map(safeCommit), "commit");
  return commits.map((commit) => found.get(commit)?.toString("utf8") ?? "");
}

/** The exact bytes of blobs. What the blobless clone lacks comes in one request, since Git itself would ask for one after the other. */
export async function readBlobs(git: Git, ids: readonly BlobId[]): Promise<ReadonlyMap<BlobId, Buffer>> {
  const wanted = [...new Set(ids)];
  const found = await batch(git, wanted, "blob");
  const missing = wanted.filter((id) => !found.has(id));
  if (missing.length === 0) return found;
  await fetchObjects(git, missing);
  const fetched = await batch(git, missing, "blob");
  for (const id of missing) if (!fetched.has(id)) throw new Error(`the repository holds no file contents under ${id}`);
  return new Map([...found, ...fetched]);
}

/** Makes sure that blobs are here, with one request for those that are not. */
export async function haveBlobs(git: Git, ids: readonly BlobId[]): Promise<void> {
  const types = await typesOf(git, ids);
  const missing = ids.filter((_, index) => types[index] !== "blob");
  if (missing.length > 0) await fetchObjects(git, missing);
}

/** The same request that Git makes by itself for one missing object; nothing is told about what we have, so nothing is held back. */
async function fetchObjects(git: Git, ids: readonly string[]): Promise<void> {
  await git.remote(["-c", "fetch.negotiationAlgorithm=noop", "fetch", ...quiet, "--filter=blob:none", "--stdin", "origin"], lines(ids));
}

/** No tags, no FETCH_HEAD; it says what it did, because simple-git waits 50 ms for a process that ends in silence. */
export const quiet = ["--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-progress", "--verbose"] as const;

/** Makes sure that a commit and its trees are here. */
export async function haveCommit(git: Git, commit: CommitSha): Promise<void> {
  if (await has(git, commit)) return;
  await git.remote(["fetch", ...quiet, "origin", safeCommit(commit)]);
}

export async function has(git: Git, commit: CommitSha): Promise<boolean> {
  return (await typesOf(git, [safeCommit(commit)]))[0] === "commit";
}

/** The commit of a remote ref; undefined when there is no such ref. Asks the host. */
export async function remoteTip(git: Git, ref: string): Promise<CommitSha | undefined> {
  // The pattern of ls-remote matches ends of names too.
  const line = (await git.remote(["ls-remote", "origin", ref])).split("\n").find((each) => each.endsWith(`\t${ref}`));
  return line === undefined ? undefined : commitShaSchema.parse(line.split("\t")[0]);
}

async function typesOf(git: Git, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  return (await git.local(["cat-file", "--batch-check=%(objecttype)"], lines(ids))).split("\n");
}

type ObjectType = "blob" | "commit";

async function batch<Id extends string>(git: Git, ids: readonly Id[], type: ObjectType): Promise<ReadonlyMap<Id, Buffer>> {
  return ids.length === 0 ? new Map() : parseBatch(await git.objects(["--batch"], lines(ids)), ids, type);
}

/** `cat-file --batch` answers `<id> missing`, or `<id> blob <size>`, a line feed, the bytes and a line feed. */
function parseBatch<Id extends string>(output: Buffer, ids: readonly Id[], wanted: ObjectType): ReadonlyMap<Id, Buffer> {
  const found = new Map<Id, Buffer>();
  let at = 0;
  for (const id of ids) {
    const end = output.indexOf("\n", at);
    const [, type, size = "0"] = /^[0-9a-f]{40} (\w+)(?: (\d+))?$/.exec(output.toString("latin1", at, end)) ?? [];
    if (end < 0 || type === undefined) throw new Error(`git cat-file answered nothing for ${id}`);
    if (type === wanted) found.set(id, output.subarray(end + 1, end + 1 + Number(size)));
    at = end + 1 + (type === "missing" ? 0 : Number(size) + 1);
  }
  return found;
}

function lines(ids: readonly string[]): string {
  return `${ids.join("\n")}\n`;
}
