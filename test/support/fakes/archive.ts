import { createHash } from "node:crypto";
import type { StoredLog } from "#domain/archive/archived.ts";
import { type BlobId, blobIdSchema, type CommitSha, commitShaSchema } from "#domain/model/names.ts";
import type { Archive } from "#ports/archive.ts";

export interface FakeArchive extends Archive {
  /** A run comes into the log of a pull request. */
  append(pullRequest: number, run: string, accepted: string): void;
}

/** A branch and evidence logs in memory; blobs are named as Git names them. */
export function fakeArchive(): FakeArchive {
  const blobs = new Map<BlobId, string>();
  const logs = new Map<number, StoredLog>();
  let head: CommitSha | undefined;
  let entries: ReadonlyMap<string, BlobId> = new Map();
  let commits = 0;

  const hash = (text: string) => createHash("sha1").update(text).digest("hex");
  const next = (): CommitSha => commitShaSchema.parse(hash(`commit ${(commits += 1)}`));
  return {
    held: async () => ({ head, entries }),
    logs: async () => [...logs.values()],
    texts: async (ids) => new Map(ids.flatMap((id) => (blobs.has(id) ? [[id, blobs.get(id) ?? ""] as const] : []))),
    async add(base, files) {
      if (base !== head) return { kind: "moved" };
      head = next();
      entries = new Map([...entries, ...files.map(({ path, blob }) => [path, blob] as const)]);
      return { kind: "committed", commit: head };
    },
    async prune({ pullRequest, tip }) {
      const now = logs.get(pullRequest);
      if (now !== undefined && now.tip !== tip) return { kind: "moved" };
      logs.delete(pullRequest);
      return { kind: "pruned" };
    },
    append(pullRequest, run, accepted) {
      const blob = blobIdSchema.parse(hash(`blob ${Buffer.byteLength(accepted)}\0${accepted}`));
      blobs.set(blob, accepted);
      const files = new Map([...(logs.get(pullRequest)?.files ?? []), [`${run}/accepted.json`, blob] as const]);
      logs.set(pullRequest, { repositoryId: 1, pullRequest, tip: next(), files });
    },
  };
}
