/**
 * The archive: a branch that only grows, and the evidence refs that move to it.
 *
 * Concurrency: additions are compare-and-swap pushes on the branch; a ref is removed only while it stands where it was read. Of two
 * archivists at once one loses each push and reads again, and a run that is appended meanwhile keeps its ref.
 */

import type { StoredLog } from "#domain/archive/archived.ts";
import { archiveBranch, evidenceRefs } from "#domain/environment/paths.ts";
import { printTrailers } from "#domain/environment/trailers.ts";
import { commitShaSchema } from "#domain/model/names.ts";
import type { Archive, PruneOutcome } from "#ports/archive.ts";
import type { Clone, Git, Identity } from "./git.ts";
import { land, remove } from "./land.ts";
import { makeCommit } from "./make-commit.ts";
import { has, listFiles, quiet, readBlobs, remoteTip } from "./objects.ts";

export interface ArchiveSettings {
  readonly clone: Clone;
  readonly identity: Identity;
  /** Who commits; the author when left out. */
  readonly committer?: (git: Git) => Promise<Identity>;
}

const ref = `refs/heads/${archiveBranch}`;
const tracking = `refs/remotes/origin/${archiveBranch}`;

export function gitArchive({ clone, identity, committer }: ArchiveSettings): Archive {
  return {
    held: () =>
      clone.use(async (git) => {
        const head = await remoteTip(git, ref);
        if (head === undefined) return { head, entries: new Map() };
        if (!(await has(git, head))) await git.remote(["fetch", ...quiet, "origin", `+${ref}:${tracking}`]);
        return { head, entries: await listFiles(git, head) };
      }),

    logs: () =>
      clone.use(async (git) => {
        await git.remote(["fetch", ...quiet, "--prune", "origin", `+${evidenceRefs}*:${evidenceRefs}*`]);
        const listed = await git.local(["for-each-ref", "--format=%(objectname) %(refname)", evidenceRefs]);
        const logs: StoredLog[] = [];
        for (const line of listed.split("\n")) {
          const [, tip, repositoryId, pullRequest] = logLine.exec(line) ?? [];
          if (tip === undefined) continue;
          const commit = commitShaSchema.parse(tip);
          const files = await listFiles(git, commit);
          logs.push({ repositoryId: Number(repositoryId), pullRequest: Number(pullRequest), tip: commit, files });
        }
        return logs;
      }),

    texts: (blobs) =>
      clone.use(async (git) => {
        const read = await readBlobs(git, blobs);
        return new Map([...read].map(([id, bytes]) => [id, bytes.toString("utf8")]));
      }),

    add: (base, files, { subject, command }) =>
      clone.use(async (git) => {
        const { commit } = await makeCommit(git, {
          parent: base,
          message: `${subject}\n\n${printTrailers({ command })}\n`,
          author: identity,
          committer: (await committer?.(git)) ?? identity,
          writes: files.map(({ path, blob }) => ({ kind: "blob", path, blob })),
        });
        const landed = await land(git, { ref, expected: base, commit });
        if (landed.kind === "landed") return { kind: "committed", commit };
        return landed.kind === "moved" ? { kind: "moved" } : landed;
      }),

    prune: ({ repositoryId, pullRequest, tip }): Promise<PruneOutcome> =>
      clone.use(async (git) => {
        const removed = await remove(git, { ref: `${evidenceRefs}${repositoryId}/${pullRequest}`, expected: tip });
        return removed.kind === "landed" ? { kind: "pruned" } : removed.kind === "moved" ? { kind: "moved" } : removed;
      }),
  };
}

/** Refs of other names are not ours. */
const logLine = /^([0-9a-f]{40}) refs\/slipway\/evidence\/([1-9]\d{0,15})\/([1-9]\d{0,15})$/;
