import { type BlobId, type CommitSha, commitShaSchema } from "#domain/model/names.ts";
import type { Git, Identity } from "./git.ts";
import { haveBlobs } from "./objects.ts";
import { safeCommit, safePath } from "./safe-names.ts";

export type Write =
  | { readonly kind: "bytes"; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: "blob"; readonly path: string; readonly blob: BlobId }
  | { readonly kind: "delete"; readonly path: string };

export interface Draft {
  /** undefined for the first commit of a history. */
  readonly parent: CommitSha | undefined;
  readonly message: string;
  readonly author: Identity;
  readonly committer: Identity;
  readonly writes: readonly Write[];
}

/** Only for the moment in which the commit is made: fast-import wants a ref to put it on. */
const draftRef = "refs/slipway/draft";

/**
 * Makes a commit without a work tree and without moving any branch. One `git fast-import` does it, however many files: the same by
 * `hash-object`, `read-tree`, `update-index`, `write-tree` and `commit-tree` are five processes.
 */
export async function makeCommit(git: Git, draft: Draft): Promise<CommitSha> {
  await haveBlobs(
    git,
    draft.writes.flatMap((write) => (write.kind === "blob" ? [write.blob] : [])),
  );
  const printed = await git.local(["fast-import", "--quiet", "--force", "--done", "--date-format=raw"], streamOf(draft));
  return commitShaSchema.parse(printed.trim());
}

/** Whether a commit changes anything: an empty one holds the files of its parent. */
export async function changesNothing(git: Git, commit: CommitSha, parent: CommitSha): Promise<boolean> {
  const trees = await git.local(["rev-parse", `${safeCommit(commit)}^{tree}`, `${safeCommit(parent)}^{tree}`]);
  const [tree, parentTree] = trees.trim().split("\n");
  return tree === parentTree;
}

function streamOf({ parent, message, author, committer, writes }: Draft): Buffer {
  const now = `${Math.floor(Date.now() / 1000)} +0000`;
  const head = [
    `commit ${draftRef}`,
    "mark :1",
    `author ${signature(author)} ${now}`,
    `committer ${signature(committer)} ${now}`,
    `data ${Buffer.byteLength(message)}`,
    message,
    ...(parent === undefined ? [] : [`from ${safeCommit(parent)}`]),
    "",
  ].join("\n");
  // Deletions come first, so that a folder may take the place of a file.
  const deletions = writes.flatMap((write) => (write.kind === "delete" ? [`D ${safePath(write.path)}\n`] : []));
  const files = writes.flatMap((write): readonly (string | Uint8Array)[] => {
    if (write.kind === "blob") return [`M 100644 ${write.blob} ${safePath(write.path)}\n`];
    if (write.kind === "bytes") return [`M 100644 inline ${safePath(write.path)}\ndata ${write.bytes.byteLength}\n`, write.bytes, "\n"];
    return [];
  });
  const tail = ["\nget-mark :1\n", `reset ${draftRef}\nfrom ${"0".repeat(40)}\n\n`, "done\n"];
  return Buffer.concat([head, ...deletions, ...files, ...tail].map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
}

/** Angle brackets and line ends would let a name change the rest of the line. */
function signature({ name, email }: Identity): string {
  const plain = (text: string) => text.replaceAll(/[<>\r\n\0]/g, " ").trim();
  return `${plain(name)} <${plain(email)}>`;
}
