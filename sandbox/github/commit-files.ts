import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { branchTip, git, moveRef, noCommit, type Person, writeCommit } from "./git.ts";
import { gitHubItself } from "./people.ts";
import type { Repository, World } from "./world.ts";

export interface FileCommit {
  readonly branch: string;
  readonly message: string;
  readonly files: readonly { readonly path: string; readonly content: string | Buffer }[];
  readonly author?: Person;
}

/** Commits files on a branch by plumbing, with a temporary index. Undefined when the branch moved meanwhile. */
export async function commitFiles(
  world: World,
  repository: Repository,
  change: FileCommit,
): Promise<{ before: string; after: string } | undefined> {
  const before = await branchTip(repository.folder, change.branch);
  const index = join(tmpdir(), `index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    if (before !== undefined) await git(repository.folder, ["read-tree", before], { env });
    for (const file of change.files) {
      const blob = await git(repository.folder, ["hash-object", "-w", "--stdin"], { input: file.content });
      await git(repository.folder, ["update-index", "--add", "--cacheinfo", `100644,${blob},${file.path}`], { env });
    }
    const after = await writeCommit(repository.folder, {
      tree: await git(repository.folder, ["write-tree"], { env }),
      parents: before === undefined ? [] : [before],
      message: change.message,
      author: change.author ?? gitHubItself,
      committer: gitHubItself,
      at: world.clock(),
    });
    const moved = await moveRef(repository.folder, `refs/heads/${change.branch}`, after, before ?? noCommit);
    return moved ? { before: before ?? noCommit, after } : undefined;
  } finally {
    await rm(index, { force: true });
  }
}
